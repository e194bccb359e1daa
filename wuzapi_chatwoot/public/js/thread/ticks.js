// How far an outgoing message got, as everybody knows it from WhatsApp.
import { drawing } from "./elements";

const ONE = ["M2 8.5 L5.5 12 L13 4"];
const TWO = ["M1.5 8.5 L5 12 L12.5 4", "M8.5 11.5 L9 12 L16.5 4"];
const CLOCK = ["M8 2 a6 6 0 1 0 0.01 0 Z", "M8 5 V8 L10.5 9.5"];
const MARK = ["M8 2 a6 6 0 1 0 0.01 0 Z", "M8 5 V8.5", "M8 11 V11.1"];

export function tick(status) {
	const known = {
		pending: [CLOCK, 16, __("Waiting to be sent")],
		sent: [ONE, 16, __("Sent")],
		delivered: [TWO, 18, __("Delivered")],
		read: [TWO, 18, __("Read")],
		played: [TWO, 18, __("Played")],
		failed: [MARK, 16, __("Not sent")],
	};
	const [paths, width, label] = known[status] || known.pending;
	const picture = drawing(paths, { width, label, name: `wuzapi-tick wuzapi-tick-${status}` });
	picture.setAttribute("data-status", status);
	return picture;
}
