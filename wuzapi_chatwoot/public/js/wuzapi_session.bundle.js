// Setting up and looking after a session. Forms load it when they need it: frappe.require("wuzapi_session.bundle.js").
import { look_of_change, show_changes } from "./session/changes";
import { examine_session } from "./session/doctor";
import { connect_session } from "./session/pairing";
import { disconnect_session, log_out_session } from "./session/parting";
import { remove_session } from "./session/remove";
import { rotate_secrets } from "./session/rotate";
import { continue_setup, new_session, set_up_again } from "./session/set_up";

frappe.provide("wuzapi_chatwoot");
wuzapi_chatwoot.session = {
	...{ continue_setup, new_session, set_up_again, remove_session, rotate_secrets },
	examine_session,
	...{ connect_session, disconnect_session, log_out_session, look_of_change, show_changes },
};
