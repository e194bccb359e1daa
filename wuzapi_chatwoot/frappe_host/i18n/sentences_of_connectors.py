"""What connectors say about a session's connection and about failures, to be translated. See `translation.py`."""

from __future__ import annotations

from wuzapi_chatwoot.frappe_host.i18n.sentences_of_bridge import _

TEXTS = (
	# webhook_probe.py
	_("its body was changed"),
	_("it answers with status {0}"),
	_("its body, or a header that is signed with it, was changed or dropped"),
	_("its signature was dropped"),
	_("the token in its address was dropped"),
	_("its TLS certificate cannot be trusted"),
	_("no connection ({0})"),
	# tls_trouble.py
	_("The gateway's TLS certificate for {0} is not valid yet: look at the clocks of both machines"),
	_("The gateway's TLS certificate for {0} has expired: renew it"),
	_(
		"The gateway's TLS certificate is not made for {0}: enter the address by a name that stands in it, "
		"or get one for {0}"
	),
	_(
		"The gateway's TLS certificate for {0} comes from nobody whom this machine trusts: let {0} send "
		"its whole chain, get one of a public authority, or name the file of its issuer in "
		"REQUESTS_CA_BUNDLE"
	),
	_(
		"The gateway's TLS certificate for {0} cannot be trusted: check that it is valid, is made for this "
		"host name, and comes with its whole chain"
	),
	_("Chatwoot's TLS certificate for {0} is not valid yet: look at the clocks of both machines"),
	_("Chatwoot's TLS certificate for {0} has expired: renew it"),
	_(
		"Chatwoot's TLS certificate is not made for {0}: enter the address by a name that stands in it, or "
		"get one for {0}"
	),
	_(
		"Chatwoot's TLS certificate for {0} comes from nobody whom this machine trusts: let {0} send its "
		"whole chain, get one of a public authority, or name the file of its issuer in REQUESTS_CA_BUNDLE"
	),
	_(
		"Chatwoot's TLS certificate for {0} cannot be trusted: check that it is valid, is made for this "
		"host name, and comes with its whole chain"
	),
	_("this address"),
	# gateways/wuzapi/parse/session.py
	_("reason unknown"),
	_("the phone removed this linked device"),
	_("the phone's main device is gone, or WhatsApp locked the account"),
	_("WhatsApp banned the number"),
	_("messages to too many people"),
	_("blocked by too many people"),
	_("too many groups created"),
	_("the same message sent too often"),
	_("too many messages to broadcast lists"),
	_("bad request"),
	_("the gateway's version is not accepted"),
	_("an error at WhatsApp"),
	_("not supported by WhatsApp"),
	_("WhatsApp is overloaded"),
	_("WhatsApp reported a stream error"),
	_("WhatsApp does not answer"),
	_("WhatsApp no longer accepts this version of the gateway: upgrade it"),
	_("WhatsApp refused the connection"),
	_("pairing failed: {0}"),
	_("pairing failed"),
	_("nobody scanned the code in time"),
	_("{0}, code {1}"),
	_("WhatsApp refused the connection: {0}"),
	_("the gateway could not connect to WhatsApp: {0}"),
	_("the gateway could not connect to WhatsApp after {0} attempts: {1}"),
	# gateways/wuzapi/client/failures.py
	_("The gateway cannot read this picture"),
	_("WhatsApp knows no such kind of address"),
	_("WhatsApp does not know this number"),
	_("The address names a device instead of a person"),
	_("The gateway's storage reports an error"),
	_("The gateway's storage does not give out this file"),
	_("WhatsApp does not give out this picture"),
	_("WhatsApp's picture server reports an error"),
	_("WhatsApp's picture server cannot be reached"),
	_("The gateway's address or token is not valid"),
	_("The gateway cannot be reached"),
	_("The gateway did not answer, so it is not known whether it did its work"),
	_("The gateway did not answer"),
	_("The gateway refuses our token"),
	_("The gateway does not know what was asked for"),
	_("The gateway asks for a pause"),
	_("The gateway's address leads elsewhere: enter its final address"),
	_("The file is too large for the gateway"),
	_("The gateway refused this: {0}"),
	_("The gateway cannot be reached (HTTP {0})"),
	_("WhatsApp did not confirm in time, so it is not known whether the message went out"),
	_("There is no such picture, or it is hidden"),
	_("WhatsApp no longer has this file"),
	_("WhatsApp is not connected on the gateway"),
	_("The gateway reports an error"),
	# gateways/wuzapi/client/whatsapp_failures.py
	_("This number is no longer in the group"),
	_("The group does not exist any more"),
	_("The gateway cannot write to broadcast lists"),
	_("The number is not paired on the gateway: pair it with the phone"),
	_("The gateway has no ffmpeg, which it needs for this sticker or sound"),
	_("WhatsApp does not let this number start new chats at the moment"),
	_("WhatsApp did not accept this message for its recipient (error 479)"),
	_("WhatsApp reports an error ({0})"),
	_("WhatsApp did not accept this message (error {0}). Check the number, or send again"),
	_("WhatsApp asks this number for a pause"),
	_("The gateway cannot make a sticker of this picture"),
	_("WhatsApp does not take this file"),
	_("WhatsApp's copy of this file is damaged"),
	_("The gateway cannot encrypt this message for its recipient yet"),
	_("WhatsApp did not answer the gateway"),
	_("WhatsApp refused what the gateway asked"),
	# gateways/wuzapi/setup/setup_failures.py
	_(
		"The gateway does not accept the administrator's token: enter the value of its WUZAPI_ADMIN_TOKEN "
		"as it is, with nothing before it"
	),
	_(
		"The gateway's address holds a user name, which takes the place of the administrator's token: "
		"enter the address without it"
	),
	_(
		"The gateway does not know the session's token: enter the token of its WuzAPI user, not the "
		"administrator's"
	),
	_(
		"Something in front of the gateway refuses us before the gateway is asked: check the gateway's "
		"address, and whom the proxy there lets through"
	),
	_("The gateway speaks TLS at this address: write https:// in front of it"),
	_("What answers at the gateway's address speaks no TLS: check its port, or write http:// in front of it"),
	_("TLS with the gateway fails: check the gateway's address and what ends TLS in front of it"),
	_("The proxy on the way to the gateway does not let us through: check HTTP_PROXY and NO_PROXY"),
	_("The gateway's address is not valid: it is written as https://host or http://host:port"),
	_("Another user of the gateway has this token already"),
	_("The session is paired already: log it out before you pair it with another phone"),
	_("The gateway does not know one of the events that the bridge needs: update WuzAPI"),
	_("WhatsApp asks for a pause: try again in some minutes"),
	_(
		"The gateway cannot keep a signing key: its WUZAPI_GLOBAL_ENCRYPTION_KEY must have exactly 32 "
		"characters"
	),
	_("The gateway's host name is not known: check the gateway's address"),
	_("Nothing answers at the gateway's address: check its port, and whether the gateway is running"),
	_("The gateway cannot be reached in time: check its address, and whether a firewall lies between"),
	_("The session is connected already"),
	_("WhatsApp does not answer the gateway"),
	_("The session is paired already"),
	_("The administrator's token is not valid: it holds a line break, or letters that no header can bear"),
	_("The session's token is not valid: it holds a line break, or letters that no header can bear"),
	# gateways/wuzapi/setup/setup.py
	_("no status in the answer"),
	_("no webhook in the answer"),
	_(
		"The gateway says of this session both that it is connected and that it is not: if this lasts for "
		"some minutes, restart the gateway"
	),
	_("A phone is paired by its number with the country code, as in +447700900123"),
	_("The session does not speak with WhatsApp yet: connect it, then ask for the code"),
	_("The gateway's answer holds no code"),
	# gateways/wuzapi/setup/admin.py
	_("A new user of the gateway needs a name"),
	_("no user in the answer"),
	# gateways/wuzapi/client/calls.py
	_("no list in the answer"),
	_("The gateway's answer is larger than a file may be"),
	_("its answer is too large"),
	_("What answered is not WuzAPI: check the gateway's address"),
	# gateways/wuzapi/setup/setup_values.py
	_("A signing key must have at least {0} characters"),
	_("A new user of the gateway needs a token of plain letters and digits, without blanks"),
	# chatwoot/client/failures.py
	_("what answered is not Chatwoot's API; check the address"),
	_("Chatwoot refuses the access token; copy it again from the user's profile settings in Chatwoot"),
	_(
		"Chatwoot refuses the access token: it did not arrive. Set one, or let the proxy before Chatwoot "
		"pass the header api-access-token"
	),
	_("this access token is a bot's; take that of a user"),
	_("this account is suspended in Chatwoot; only who runs that Chatwoot can change it"),
	_("the Chatwoot token's user is not in this account; check the account's number, or invite the user"),
	_("Chatwoot denies API access to this account: its plan does not include it; choose one that does"),
	_("the proxy on the way to Chatwoot cannot be reached"),
	_("What answers at Chatwoot's address speaks no TLS: check its port, or write http:// in front of it"),
	_("Chatwoot cannot be reached"),
	_("Chatwoot's address or token is not valid"),
	_("Chatwoot did not answer in time"),
	_("Chatwoot broke off"),
	_("Chatwoot's address redirects; set the one it leads to"),
	_("Chatwoot's plan for this account is used up: choose a larger one, or remove what is not needed"),
	_("Chatwoot asks for a pause"),
	_("too large for Chatwoot, or for a proxy before it"),
	_("Chatwoot refused the request"),
	_("Chatwoot cannot be reached behind its proxy"),
	_("Chatwoot failed on this request"),
	_("Chatwoot does not have it (any more)"),
	_("Chatwoot takes message statuses for API inboxes only"),
	_("Chatwoot denies API access to this token"),
	_("the Chatwoot token's user lacks the right; add the user to the inbox"),
	_("Chatwoot refuses the access token"),
	_("this conversation has had too many messages within a minute"),
	_("Chatwoot has somebody else under this phone, identifier or address"),
	_("Chatwoot refused the data"),
	# chatwoot/setup/setup.py
	_("this Chatwoot is older than 4.13.0: its inboxes have no secret, and it signs nothing"),
	_("Chatwoot took the change of the inbox, but did not keep it; set it in the inbox's settings"),
	_("account {0} is suspended in Chatwoot; only who runs that Chatwoot can change it"),
	_("Chatwoot did not name the inbox it made"),
	_(
		"the Chatwoot token's user may not see inbox {0}: add the user to it, or take the token of an "
		"administrator"
	),
	_("inbox {0} is of the wrong type: it must be an API inbox. Choose another, or let a new one be made"),
	_("Chatwoot has no account {0}; check the account's number"),
	_("account {0} has no inbox {1} (any more)"),
	_(
		"the Chatwoot token's user is no administrator of account {0}: only an administrator may make and "
		"change inboxes. Take the token of one, or let the user become one"
	),
	_("the token's user"),
	_("{0} is not in account {1} of this Chatwoot"),
	_("Chatwoot does not take this: {0}"),
	_("{0} is not in account {1} of this Chatwoot, but in {2}"),
	_("{0} is not in account {1} of this Chatwoot, nor in any other"),
	# chatwoot/setup/inbox_rules.py
	_("the inbox needs a name"),
	_("the inbox's name is too long: {0} characters of at most {1}"),
	_("the callback address is too long for Chatwoot: {0} characters of at most {1}"),
	_("the callback address is none that Chatwoot can post to: it begins with http:// or https://"),
)
