"""What bridge and jobs say about sessions, to be translated. `{0}` stands for what they fill in. See `translation.py`."""

from __future__ import annotations


def _(text: str) -> str:
	"""Marks it for the catalogue: translated it is when somebody reads it."""
	return text


TEXTS = (
	# bridge/sessions/status_messages.py
	_("The gateway is connecting to WhatsApp."),
	_("Wait a moment."),
	_("The number is not paired with a phone."),
	_("On the phone: WhatsApp, Settings, Linked devices, Link a device; then scan the picture."),
	_("Connected to WhatsApp."),
	_("The connection to WhatsApp was lost; the gateway connects again by itself."),
	_("Wait a few minutes. If it lasts, look whether the gateway runs and reaches the internet."),
	_("Somebody has ended the pairing: nothing comes in or goes out."),
	_("Pair it again. What agents write meanwhile waits and is sent then."),
	_(
		"Do not connect again and again. Wait until the ban is over, and send fewer messages to people who "
		"never wrote."
	),
	_("The number is not connected to WhatsApp."),
	_("Read the reason, mend it, and connect again."),
	_("Waiting for its phone"),
	_("Connection lost"),
	_("Logged out"),
	_("Banned by WhatsApp"),
	_("Not connected"),
	_("The gateway has not told of this number yet."),
	_("Connect it. If that does not help, run the doctor to see what is missing."),
	_("WhatsApp has banned the number."),
	_("WhatsApp has banned the number until {0}."),
	# bridge/to_whatsapp/recipient.py
	_(
		"Two WhatsApp contacts have written in this conversation, so it is not clear who should get this: "
		"reply to one of their messages"
	),
	_("An answer here would be published as your status: reply to a message, and it goes to its author"),
	_("An answer here would be published in the channel"),
	_(
		"This conversation was begun with another number than its contact has now: write to that one in "
		"conversation {0}"
	),
	_("this contact has no phone number, so there is nowhere to send to"),
	_(
		"This contact's number in Chatwoot is {0}, but the messages here come from {1} on WhatsApp, and answers "
		"go there. To write to {2}, start a conversation with a contact of that number."
	),
	# bridge/sessions/session_troubles.py
	_(
		"New chats are locked since {0}: WhatsApp does not let this number write to people who never "
		"wrote to it."
	),
	_("Answers to people who wrote go on. Send fewer first messages; WhatsApp lifts the lock by itself."),
	_("Failed events: {0}. The last one: {1}."),
	_("Look at the failed events, and try again what shall arrive."),
	# bridge/to_whatsapp/new_chat.py
	_("WhatsApp does not take messages to this contact at the moment (error 463)"),
	# bridge/self_test/steps.py
	_("bridge → Chatwoot"),
	_("Chatwoot → bridge"),
	_("bridge → WhatsApp"),
	_("WhatsApp → bridge"),
	_("WhatsApp → Chatwoot"),
	_("The whole path is proved, both ways."),
	_("The message is on its way."),
	_("The way to WhatsApp is proved. Answer the message on the phone, in the chat with yourself."),
	_("The way to WhatsApp is proved; the way back is not."),
	# bridge/diagnosis/findings.py
	_("Everything works."),
	_("Problem: {0}."),
	_("It works, but needs attention: {0}."),
	_("It works as far as it could be checked. Not checked: {0}."),
	# bridge/diagnosis/diagnose_session.py
	_("our address"),
	_("The address that gateway and Chatwoot post to cannot be reached: {0}."),
	_("Look at the address in the settings, at DNS, certificate and reverse proxy."),
	_("The address is on a private network, which Chatwoot 4.14 and newer refuses to post to."),
	_("Set SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true for Chatwoot's web and worker, or use a public address."),
	_("It can be reached from here."),
	_("reverse proxy"),
	_("Let the proxy pass every header, the body and the address as they are."),
	_("Nothing leaves the own network unencrypted."),
	_("gateway webhook"),
	_("gateway media"),
	_("gateway signing key"),
	_("Look at the gateway's address and the session's token."),
	_("It answers, and knows the session's token."),
	_("The session is not connected."),
	_("Connect it."),
	_("The number is not paired."),
	_("Pair it with the phone."),
	_("Connected and paired."),
	_("Run the set-up again: it posts webhook and events anew."),
	_("The gateway does not tell of {0}."),
	_("A restart of the gateway would bring back other settings."),
	_("The gateway posts to us."),
	_("Files come with the webhooks."),
	_("Files do not come with the webhooks; each is fetched by a call of its own."),
	_("Run the set-up again: it switches media delivery on."),
	_("Webhooks are proved by the token in the address only."),
	_("Webhooks are proved by the token inside them only. Newer releases of WuzAPI send none."),
	_("Set a key."),
	_("Neither a key nor a token is set: every webhook is refused."),
	_("The gateway has no key."),
	_("Run the set-up again: it posts the key."),
	_("A key is set on both sides."),
	_("Chatwoot clock"),
	_("Chatwoot inbox"),
	_("Chatwoot callback"),
	_("Chatwoot signing secret"),
	_("reply window"),
	_("Look at Chatwoot's address, the access token and the account."),
	_("Take an administrator's token: an agent's opens conversations as its own."),
	_("There is no inbox {0} any more."),
	_("Run the set-up again: it makes or adopts one."),
	_("It does not tell the time."),
	_("Its clock and ours differ by {0} seconds, so its signatures look too old."),
	_("Let both machines take the time from the network (NTP)."),
	_("Its clock and ours agree."),
	_("{0} is no API inbox."),
	_("Choose or make an API inbox."),
	_("{0} (number {1}) is an API inbox."),
	_("The inbox posts to us."),
	_("Run the set-up again, and confirm there that it shall post to us."),
	_("This Chatwoot does not sign; the token in the address proves it."),
	_("No secret can be seen, and no webhook token is set: every webhook is refused."),
	_("Take an administrator's token, or set a webhook token."),
	_("We know the secret that Chatwoot signs with."),
	_("Chatwoot signs with another secret than ours."),
	_("Run the set-up again: it reads the secret."),
	_("Agents can answer at any time."),
	_("Agents cannot answer any more after {0} hours."),
	_("Run the set-up again, or clear the reply window in the inbox's settings."),
	_("encryption"),
	_("gateway"),
	_("workers"),
	_("scheduler"),
	_("waiting events"),
	_("What was signed as the gateway signs did not come here as it was sent: {0}."),
	_("What was signed as Chatwoot signs did not come here as it was sent: {0}."),
	_("Tokens and messages travel unencrypted between here and the gateway at {0}."),
	_("Tokens and messages travel unencrypted between here and Chatwoot at {0}."),
	_("Write https:// in front of the gateway's address, and let it, or a proxy before it, speak TLS."),
	_("Write https:// in front of Chatwoot's address, and let it, or a proxy before it, speak TLS."),
	_("The gateway posts to {0}, not to us."),
	_("The gateway posts nowhere, not to us."),
	_("The inbox posts to {0}, not to us."),
	_("The inbox posts nowhere, not to us."),
	_("It answers; the token is {0}'s, an administrator."),
	_("It answers; the token is {0}'s, an agent."),
	# bridge/diagnosis/diagnose_webhooks.py
	_("webhooks of the gateway"),
	_("None has come yet."),
	_("Send a message; if still none comes, look at the steps above and at the other side's log."),
	_("The last one came {0}."),
	_("refused webhooks"),
	_("A webhook was refused: {0}."),
	_("If it was a genuine one, run the set-up again; a proxy must not change body or headers."),
	_("webhooks of Chatwoot"),
	# bridge/self_test/check_self_test.py
	_("Answer it on the phone, in the chat with yourself."),
	_(
		"Look whether Chatwoot can reach our address, the inbox's callback, through DNS, firewall and "
		"proxy; since 4.14 it posts to no private address unless SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true is "
		"set for its web and its worker; and whether its worker, Sidekiq, runs."
	),
	_(
		"Run the set-up again: it reads the secrets of both sides. A proxy must pass body and headers as "
		"they are."
	),
	_(
		"If you have answered: look at the doctor's steps for the gateway's webhook and signing key, and "
		"at the gateway's log. If not: answer it, and look again."
	),
	_("The message stands in Chatwoot, in conversation {0}."),
	_("Chatwoot's webhook about it has come, and is believed."),
	_("Waiting for Chatwoot's webhook."),
	_("It was found by looking for what no webhook has told. {0}"),
	_("A webhook came, but was not believed: {0}."),
	_("Chatwoot refuses to post to us: {0}."),
	_("Chatwoot could not post to us: {0}."),
	_("No webhook of Chatwoot has come for it within {0} seconds."),
	_("WhatsApp has taken it: it is on the phone, in the chat with yourself."),
	_("It was not sent: {0}."),
	_("Mend that, then test again."),
	_("Still being tried: {0}."),
	_("Being sent."),
	_("It could not be sent so far: {0}."),
	_("It is tried again by itself. Look at the gateway, and at the doctor's steps for it."),
	_("Nobody has taken it up."),
	_("Look at the doctor's step for the workers."),
	_("the cause is not known"),
	_("Your answer has come."),
	_("WhatsApp has told us that it was delivered."),
	_("Neither a receipt nor an answer has come."),
	_("Nobody has answered, so the way into Chatwoot is not proved."),
	_("Answer the message on the phone, in the chat with yourself, and look again."),
	_("Your answer stands in Chatwoot, in another conversation ({0}): the first one was resolved or left."),
	_("Your answer stands in Chatwoot, in the same conversation."),
	_("Your answer is being put into Chatwoot."),
	_("Your answer is still being tried: {0}."),
	_("Your answer did not get into Chatwoot: {0}."),
	# bridge/self_test/start_self_test.py
	_("The number of this session is not known yet: connect it and pair it with the phone first"),
	_("It is not known whether Chatwoot took the message: {0}."),
	_(
		"Nothing is written twice by itself. Look into the conversation with the number itself in "
		"Chatwoot, then test again."
	),
	_("Chatwoot did not take the message: {0}."),
	_("The session is not connected to WhatsApp: connect it first"),
	_("The number is not paired: pair it with the phone first"),
	_(
		"The settings of this session ignore its own number ({0}), so nothing could come back: take it off "
		"the list of ignored numbers for the test"
	),
	# bridge/sessions/set_up_session.py
	_("Chatwoot account"),
	_("gateway user"),
	_("gateway media delivery"),
	_("Chatwoot reply window"),
	_("the gateway knows the token, as user {0}"),
	_("user {0} is there"),
	_("user {0} was made"),
	_("the gateway signs its webhooks"),
	_("files come with the webhooks"),
	_("files come with the webhooks from now on"),
	_("it posts to us"),
	_("this user posts to {0} today: confirm that it shall post here instead"),
	_("{0} (session {1})"),
	_("{0} (no session named)"),
	_("{0} (this session, with another token)"),
	_("{0} (this session, written in another way)"),
	_("it posts to us from now on"),
	_("{0} is no administrator of this account: take an administrator's access token"),
	_("signed in as {0}"),
	_("inbox {0} (number {1}) was made"),
	_("inbox {0} (number {1}) is no API inbox: choose one that is"),
	_("inbox {0} (number {1}) is there"),
	_("inbox {0} posts to {1} today: confirm that it shall post here instead"),
	_("this Chatwoot (older than 4.13) does not sign; the token in the address must do"),
	_("Chatwoot signs its webhooks"),
	_("agents can answer at any time"),
	_("the reply window of {0} hours was taken away"),
	_("there is no inbox"),
	_("removing a user takes the gateway administrator's token"),
	_("removed"),
	_("Chatwoot inbox {0}"),
	_("it stays: session {0} uses it"),
	_("session"),
	# bridge/sessions/list_options.py
	_("the gateway has no such user (any more): choose another, or let one be made"),
	_("user {0} cannot be chosen: {1}"),
	_("{0} is no administrator there"),
	_("it is suspended in Chatwoot"),
	_("The access token's owner is in no account of this Chatwoot; invite them first."),
	_(
		"Every account that the token's owner looks after is suspended; only who runs that Chatwoot can "
		"change it."
	),
	_("The access token's owner is no administrator of any account: take an administrator's access token."),
	_("{0} is not in account {1} of this Chatwoot."),
	_("{0} is no administrator of account {1}: take an administrator's access token."),
	_("Account {0} is suspended in Chatwoot; only who runs that Chatwoot can change it."),
	_("it is no API inbox"),
	_("session {0} uses it"),
	_("it has no token"),
	# bridge/sessions/watch_session.py
	_("the gateway cannot be asked: {0}"),
	_("the gateway says that it is not connected"),
	# frappe_host/sessions/rotation.py
	_("{0}: it is tried again every minute"),
	_("the gateway signs with a new key; the one before is still good"),
	_("Chatwoot has given no new secret"),
	_("Chatwoot signs with a new secret; the one before is still good"),
	# frappe_host/sessions/setup.py
	_("its user was removed from the gateway"),
	_("This was not finished: {0}. Try again."),
	# frappe_host/sessions/pairing.py
	_("disconnected by hand"),
	_("logged out by hand"),
	_(
		"It is not connected, and only then can it be logged out from here: connect it first, or remove it "
		"on the phone, under Linked devices"
	),
	_("The gateway does not reach WhatsApp: look whether it has internet, then try again"),
	# frappe_host/sessions/self_test.py
	_("A fault in the bridge ({0})"),
	# frappe_host/gateways/setup_clients.py
	_("no code came from WhatsApp"),
	_("gateway release"),
	_("This WuzAPI is older than June 2026: it forgets the list of events at every connect."),
	_("The bridge sends the list again each time. Update WuzAPI all the same."),
	_("The gateway says that its number is {0}, but the phone that was paired is {1}."),
	_("Restart the gateway. If the two still differ, log the session out and pair it again."),
	_(
		"The gateway says that its number is {0}, but the phone that was paired is {1}: nothing was sent. Restart the "
		"gateway, then test again. If the two still differ, log the session out and pair it again"
	),
	_("somebody else is at work on this session; try again in a moment"),
	_(
		"the gateway connects again by itself, and a second connection would cut off the first; try again in a few "
		"minutes"
	),
	_("Write the phone's number with its country code, as in +447700900123"),
	_("It is being connected already: wait a minute, then try again"),
)
