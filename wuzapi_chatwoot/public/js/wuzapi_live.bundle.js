// Calls that always end, and forms and lists that follow their documents live: frappe.require("wuzapi_live.bundle.js").
import { call } from "./server/call";
import { follow } from "./server/follow";
import { follow_lists } from "./server/follow_lists";
import { renew } from "./server/renew";
import { request } from "./server/request";

frappe.provide("wuzapi_chatwoot");
Object.assign(wuzapi_chatwoot, { call, follow, follow_lists, renew, request });
