"""The control API: everything a page, a test or a benchmark can do with the people in the sandbox.

It listens on the page's port. All bodies and answers are JSON; a refused request answers 400 or 404 with
`{"error": "…"}`. A *user* is one of the gateway's users, named by id, name or token; without one, what concerns a
phone or the gateway is about the first user, which is paired from the start. The others' phones have chats of their
own (`"user"` in any body under `phone/`, `?user=` for a chat). A *customer* is named by phone number (`447700900123`), by key as shown in the state, or by
address (`…@s.whatsapp.net`, `…@lid`); an unknown number becomes a new customer. `group` names the group.

	POST /control/phone/send     {"customer": "447700900123", "kind": "text", "text": "Hello"}
	    kind       see "Kinds" below
	    caption    text of a media message       name, data, mimetype   an own file (data is base64)
	    reply_to   message id                    id                     an own message id instead of a new one
	    forwarded, ephemeral, view_once          true: so it is          mentions  ["447700900123", "shop", …]; the
	               text holds @ and the number or the LID of each
	    undelivered  true: the webhook comes without the file, which can be downloaded      size   the file's size
	               as the sender says: more than it has stands for one too large, and comes without it as well
	    without_alt, device, retry_count         the author's other address is not known; his second device; asked again
	    resent     true: a copy from the shop's phone; with the id of a known message nothing new appears
	    from_me    true: the shop's owner writes on the shop's phone
	    to_group   true: the customer writes into the group
	    count, prefix, interval_ms   many messages "<prefix>1", "<prefix>2", …, all at once or with pauses
	    customers  a list of customers, or a number: that many synthetic ones from `first_number` on
	    background true: answer at once and go on sending
	    -> {"messages": [{"id", "customer", "chat", "timestamp", "text"}], "sent": 1}
	POST /control/phone/read     {"customer": "…", "by_owner": false}   the customer, or the owner, opens the chat
	POST /control/phone/receipt  {"customer": "…", "status": "delivered" or "read", "ids": […]}
	POST /control/phone/typing   {"customer": "…", "state": "composing" or "paused", "media": ""}
	POST /control/phone/scan     {"user": "…", "phone": "447700900001"}   holds a phone in front of the QR code
	    name, lid  of a number that is used for the first time          fails  true: PairError
	    -> {"jid", "lid"} of the new device
	POST /control/phone/type_code {"code": "ABCD-EFGH"}                 types a linking code; phone: only the right one
	POST /control/phone/unlink   {"user": "…", "reason": 401}           takes the gateway off the phone's devices
	POST /control/gateway/webhook {"payload": {"type": "Connected", "event": {}}}   any other event of the gateway
	POST /control/gateway/restart {"first_try_fails": true, "user": "…"}   stops and starts the gateway; those whose
	               last state was connected come back. first_try_fails: without an owner (all of them, or one user)
	POST /control/gateway/drop   {"seconds": 1.5}                       cuts the network of all users or of "user";
	               seconds null: it does not come back by itself
	POST /control/gateway/ban    {"code": 101, "seconds": 86400}        TemporaryBan, and no connect until it is over
	POST /control/gateway/connect_failure {"reason": 409, "message": "…", "lasting": true}
	POST /control/gateway/client_outdated {"lasting": true}
	               both throw the user out; lasting: every connect is refused as well
	POST /control/gateway/accept {}                                     lets in again whoever was banned or refused
	POST /control/gateway/stream_error {"code": "500", "seconds": 1}    StreamError, then as a drop
	GET  /control/gateway/users  every user: what the database and what the memory of the gateway hold, "clients":
	               how many there are, "sockets": their state and whether the gateway knows them, "qr": the code on
	               screen, "linking_code", "skipped": events that were posted to nobody, by reason
	POST /control/agent/send     {"conversation_id": 231 or "customer": "…", "text": "…", "private": false,
	                              "attachments": [{"kind": "image", "name": "…"} or {"name", "data", "mimetype"}],
	    kind       image video document sticker voice (an MP3, as the dashboard records it) contact (a vCard)
	               webp text
	                              "sender": "agent" or "automation" or "csat", "in_reply_to": message id}
	                              "content_type": "input_select", "items": [{"title": "…", "value": "…"}]
	               an interactive message, as programs post them: also cards, form, article
	POST /control/agent/look     {"conversation_id": 231}               opens it: unread no more, no webhook;
	                              agent_last_seen_at moves (with nothing unread once an hour only)
	POST /control/agent/retry    {"message_id": 10501}                  the Retry button of a failed message
	POST /control/agent/delete   {"message_id": 10501}
	POST /control/agent/start    {"customer": "5511900000001", "name": "…", "text": "…"}  the agent writes first
	POST /control/agent/assign   {"conversation_id": 231, "on": true}
	POST /control/agent/label    {"conversation_id": 231, "labels": ["vip"]}
	POST /control/agent/resolve  {"conversation_id": 231}               also: reopen, pending
	POST /control/agent/typing   {"conversation_id": 231, "on": true, "private": false}
	POST /control/agent/delete_conversation {"conversation_id": 231}    no webhook tells of it
	POST /control/agent/delete_contact {"contact_id": 412}              with all conversations; no webhook either
	POST /control/agent/merge    {"base_contact_id": 412, "mergee_contact_id": 413}   the second one goes
	POST /control/agent/block    {"contact_id": 412, "on": true}        messages of a blocked contact reopen nothing
	POST /control/agent/mute     {"conversation_id": 231, "on": true}   blocks its contact and resolves it
	POST /control/agent/window   {"hours": 24}                          the inbox's reply window; null takes it away
	    (a contact is also found by "conversation_id" or "customer", as a conversation is)
	GET  /control/switches       POST /control/switches {"chatwoot_down": true, …}   see switches.py
	GET  /control/state          everything the page shows; ?limit=50 messages for each chat and conversation
	GET  /control/events         the same as Server-Sent Events: `changed` with a number, then fetch the state
	GET  /control/phone/chats/{customer}                                one chat with all its messages and ticks
	GET  /control/chatwoot/conversations                                all conversations with all messages
	GET  /control/chatwoot/contacts                                     all contacts
	GET  /control/counters       requests, webhooks, repeated send ids, doubled source ids, most at once
	GET  /control/settings       the tokens, secrets and numbers that the bridge has to be given
	POST /control/reset          begin again

Kinds of `POST /control/phone/send`, with what each takes; what is not given gets an example:
	text           link_preview: true or {url, title, description}; ad: true or {title, body, url}
	image voice audio video video_note gif document sticker     seconds; for a sticker: animated
	album          pictures, videos (numbers), as_child: true for the layer that some phones put around the pictures;
	               the answer lists the album, then its pictures
	view_once      the gateway hears only that there was one; delivered: true for the rare case that it gets it
	location live_location                   latitude, longitude, name, address
	contact contacts                         contacts: [{name, phone or vcard}]
	poll           text: the question; options: [text]
	poll_vote      target, options: [text] ([] takes the vote back), hashes_only: as after a restart of the gateway,
	               which always holds for polls that it has not sent itself
	button_answer list_answer template_answer interactive_answer     text, answer_id, description, reply_to
	order          title, items, total, currency, text           product   title, description, price, currency
	group_invite   text, group_name
	template buttons list carousel           text; what businesses send
	event payment_request poll_result sticker_pack          text: the name, the note or the question
	number_shared number_asked               a phone number; who shares one should be known by_lid
	reaction       target, text: emoji, empty to take it away    pin unpin   target
	edit           target, text; sealing: "open" or "sealed" for the encrypted form that was read or could not be
	delete         target; by_admin: true with to_group, by an admin of the group
	ephemeral_setting   seconds
	undecryptable  the real message may follow with the same id and retry_count: 1
	unknown empty sender_key peer_noise      what nobody can show
	status_broadcast newsletter              text
	call           video, to_group           call_end  target: the id of the call; reason: "timeout", "rejected", …
	group_join group_leave group_subject joined_group     customer; text is the new subject
	picture picture_removed                  of the customer or of the group
	profile        name (push name), saved_name, verified_name, phone, lid, by_lid, number_known: true once WhatsApp
	               tells the number behind a LID. No webhook: the next message shows it, and the chat goes along

Kinds on the phone are these, and `note` for what is no message, such as somebody joining the group.

A message on the phone (in `chats` of the state, and in `messages` of a chat) always has all of these keys:
	id from_me by kind text timestamp sent_at via status reply_to reactions edited deleted pinned
	caption        the text again, when there is a file       earlier_texts, deleted_by   after edits and deletions
	file           null or {name, mimetype, size, sha256, url}; the url is a path on the page's port
	seconds waveform animated view_once ephemeral forwarded   waveform is base64, empty when there is none
	mentions       [address]                                  quoted    null or {id, text, author}
	link_preview   null or {url, title, description}          ad        null or {title, body, url}
	location       null or {latitude, longitude, name, address, live}
	contacts       [{name, vcard}]                            poll      null or {question, options, votes: {who: [option]}}
	call           null or {id, video, reason, rejected}      answer    null or {id, text, description}
	order          null or {id, title, items, total, currency, message}; money in thousandths
	product        null or {id, title, description, price, currency}
	invite         null or {group, name, code}                album     null or {pictures, videos}; album_of: its id
Times in `sent_at` and `created_at_exact` are seconds with fractions, for measuring from end to end.

Traps of the gateway that need no switch, because it really works that way (see users.py, clients.py, pairing.py):
	POST or PUT /webhook without events empties the subscription in memory; the database keeps it
	a key given at creation signs nothing until it is posted, or until a restart of a connected user
	settings posted while a QR code is on screen are undone at the next code, at pairing and at time-out
	jid in /session/status is empty after pairing until a restart; disconnect and connect then begin a new pairing
	no s3Config at creation: webhooks carry no files; PUT /admin/users changes that in the database only
	a changed token cuts the webhooks of the running session; a deleted user's token stays valid until a restart
	after a pairing the client is away for gateway_connect_ms; a connect meanwhile makes one that has no device
	a lost socket, or a client without a device: sends, reads and typing fail in whatsmeow's words, contacts break off
	switch gateway_before_june_2026: a connect without Subscribe empties the events, a restart forgets media delivery,
	/user/privacy and /user/blocklist are not there
	switch gateway_has_ffmpeg false: what is no WebP cannot become a sticker
	two connects at once, or one while the network is away: the client that the gateway does not know survives
	GET /chat/history with history off drops the user's record: webhooks are lost, then unsigned
	switch gateway_encryption_key "random": after a restart nothing is signed; "wrong_length": no key can be stored
	switch gateway_version "1.0.9": "already connected" is a 409, and the address is there after pairing
	no LoggedOut webhook for a logout by the API; QRTimeout and LoggedOut get lost (switch gateway_lose_last_webhooks)
"""
