// Calls that always end, and forms that follow their documents live: frappe.require("wuzapi_live.bundle.js").
import { call } from "./server/call";
import { follow } from "./server/follow";
import { renew } from "./server/renew";
import { request } from "./server/request";

frappe.provide("wuzapi_chatwoot");
Object.assign(wuzapi_chatwoot, { call, follow, renew, request });
