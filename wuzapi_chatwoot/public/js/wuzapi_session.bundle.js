// Setting up a session. Forms load it when they need it: frappe.require("wuzapi_session.bundle.js").
import { remove_session } from "./session/remove";
import { new_session, set_up_again } from "./session/set_up";

frappe.provide("wuzapi_chatwoot");
wuzapi_chatwoot.session = { new_session, set_up_again, remove_session };
