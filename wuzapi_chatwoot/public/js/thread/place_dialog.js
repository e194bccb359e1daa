// Asks for a place to be sent: by its coordinates, by a link to a map, or where the user is.
import { read_map_link } from "./calls";

const PAIR = /^\s*(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)\s*$/;

/** `send({latitude, longitude, place})` takes it over, in degrees that are possible. */
export function ask_place(send) {
	const dialog = new frappe.ui.Dialog({
		title: __("Send a Location"),
		fields: [
			{
				fieldname: "link",
				fieldtype: "Data",
				label: __("Map link"),
				description: __("A link from Google Maps, OpenStreetMap or Apple Maps, or a latitude and a longitude"),
				change: () => take_link(dialog),
			},
			...(navigator.geolocation
				? [{ fieldname: "here", fieldtype: "Button", label: __("Use My Position"), click: () => take_position(dialog) }]
				: []),
			{ fieldname: "latitude", fieldtype: "Data", label: __("Latitude"), reqd: 1 },
			{ fieldname: "longitude", fieldtype: "Data", label: __("Longitude"), reqd: 1 },
			{ fieldname: "place", fieldtype: "Data", label: __("Name of the place") },
		],
		primary_action_label: __("Send"),
		primary_action: ({ latitude, longitude, place }) => {
			const [north, east] = [degrees(latitude), degrees(longitude)];
			// Also for what is no number.
			if (!(Math.abs(north) <= 90 && Math.abs(east) <= 180)) {
				warn(__("Latitude is from -90 to 90 degrees and longitude from -180 to 180, such as 51.5033 and -0.1196"));
				return;
			}
			dialog.hide();
			send({ latitude: north, longitude: east, place });
		},
	});
	dialog.show();
}

/** Some write a comma for the point. */
const degrees = (text) => Number(String(text).trim().replace(",", ".") || NaN);

async function take_link(dialog) {
	const link = (dialog.get_value("link") || "").trim();
	// Frappe tells of one change several times.
	if (!link || link === dialog.wuzapi_link) return;
	dialog.wuzapi_link = link;
	const pair = PAIR.exec(link);
	// Why it could not be read is shown.
	const found = pair ? { latitude: pair[1], longitude: pair[2] } : await read_map_link(link).catch(() => null);
	if (!found) {
		dialog.wuzapi_link = null;
		return;
	}
	if (link !== dialog.wuzapi_link) return;
	if (found.latitude === undefined) {
		warn(__("This link names no place. Open it, and copy the long link or the coordinates."));
		return;
	}
	fill(dialog, found);
}

function take_position(dialog) {
	navigator.geolocation.getCurrentPosition(
		({ coords }) => fill(dialog, { latitude: coords.latitude.toFixed(6), longitude: coords.longitude.toFixed(6) }),
		() => warn(__("Your browser does not tell where you are"))
	);
}

function fill(dialog, { latitude, longitude, place }) {
	dialog.set_value("latitude", String(latitude));
	dialog.set_value("longitude", String(longitude));
	if (place) dialog.set_value("place", place);
}

function warn(message) {
	frappe.show_alert({ message, indicator: "orange" });
}
