"""What bench finds of ours: `bench --site SITE wuzapi-sessions`, `wuzapi-events`, `wuzapi-doctor`.

Bench loads this for every command of its own: what they need of the app is imported when they run.
"""

from wuzapi_chatwoot.frappe_host.commands.doctor_command import doctor
from wuzapi_chatwoot.frappe_host.commands.event_commands import events
from wuzapi_chatwoot.frappe_host.commands.prove_command import prove
from wuzapi_chatwoot.frappe_host.commands.session_commands import sessions

sessions.add_command(prove)

commands = [sessions, events, doctor]
