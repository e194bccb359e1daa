// The message thread of a conversation. Forms load it when they need it: frappe.require("wuzapi_thread.bundle.js").
import { Thread } from "./thread/thread";

frappe.provide("wuzapi_chatwoot");
wuzapi_chatwoot.Thread = Thread;
