"""The invented names, numbers and secrets that a sandbox starts with. Nothing in here is real."""

HOST = "127.0.0.1"
PAGE_PORT = 8090
GATEWAY_PORT = 8091
CHATWOOT_PORT = 8092
BRIDGE_URL = "http://127.0.0.1:8080"

ADMIN_TOKEN = "fictional-admin-token-0123456789abcdef"
GATEWAY_TOKEN = "fictional-gateway-token-0123456789abcdef"
GATEWAY_HMAC_KEY = "fictional-hmac-key-0123456789abcdef"
CHATWOOT_TOKEN = "FictionalAccessToken0001"
CHATWOOT_SECRET = "FictionalInboxSecret0001"
CHATWOOT_AGENT_TOKEN = "FictionalAgentToken00001"
CHATWOOT_BOT_TOKEN = "FictionalBotToken0000001"

GATEWAY_WEBHOOK_PATH = "/webhook/wuzapi"
CHATWOOT_WEBHOOK_PATH = "/webhook/chatwoot"

# The gateway's side
GATEWAY_VERSION = "1.0.6"
GATEWAY_USER_ID = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
GATEWAY_INSTANCE = "front-desk"
OWN_PHONE = "12025550100"
OWN_LID = "111100001111000"
OWN_NAME = "Example Shop"
GROUP_JID = "120363000000000001@g.us"
GROUP_NAME = "Example group"
# A number that nobody uses WhatsApp with: sends to it fail.
UNREACHABLE_PHONE = "447700900999"
# Where the numbers of customers made for a load test begin.
FIRST_SYNTHETIC_PHONE = "447700901000"

# Chatwoot's side
CHATWOOT_VERSION = "4.16.2"
# The newest that has no secrets for API inboxes yet.
CHATWOOT_VERSION_WITHOUT_SECRETS = "4.12.1"
ACCOUNT_ID = 3
ACCOUNT_NAME = "Padaria Aurora Ltda"
# An account that is there, and that none of the users is in.
FOREIGN_ACCOUNT_ID = 4
# One that the bridge's user may be in as well.
SECOND_ACCOUNT_ID = 6
SECOND_ACCOUNT_NAME = "Padaria do Bairro"
INBOX_ID = 7
INBOX_NAME = "WhatsApp Vendas"
INBOX_IDENTIFIER = "FictionalInboxIdent0001"
AGENT_ID = 5
AGENT_NAME = "Rafael Lima"
AGENT_EMAIL = "rafael.lima@example.com"
BRIDGE_USER_ID = 9
BRIDGE_USER_NAME = "Ponte WhatsApp"
BRIDGE_USER_EMAIL = "bridge@example.com"
FIRST_CONTACT_ID = 412
FIRST_CONVERSATION_ID = 231
FIRST_MESSAGE_ID = 10501
