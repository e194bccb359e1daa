// The file of a message: shown where the browser can, otherwise a link to it.
import { drawing, element } from "./elements";

const PICTURES = ["image", "sticker"];
const FILMS = ["video", "video_note", "gif"];
const SOUNDS = ["audio", "voice"];
const SHEET = ["M4 1.5 H9.5 L13 5 V14.5 H4 Z", "M9.5 1.5 V5 H13"];

export function media(message) {
	if (!message.file_url) {
		return message.file_name ? element("div", { class: "wuzapi-file" }, drawing(SHEET), message.file_name) : null;
	}
	const url = safe_url(message.file_url);
	const family = url && family_of(message);
	if (family === "picture") {
		const picture = element("img", { src: url, alt: message.file_name || __("Picture"), loading: "lazy" });
		const kind = message.kind === "sticker" ? "wuzapi-picture wuzapi-sticker" : "wuzapi-picture";
		return element("a", { class: kind, href: url, target: "_blank", rel: "noopener" }, picture);
	}
	if (family === "film") {
		return element("video", { class: "wuzapi-film", src: url, controls: true, preload: "metadata" });
	}
	if (family === "sound") {
		return element("audio", { class: "wuzapi-sound", src: url, controls: true, preload: "metadata" });
	}
	const name = message.file_name || __("File");
	return element(
		"a",
		{ class: "wuzapi-file", href: url, target: "_blank", rel: "noopener" },
		drawing(SHEET),
		element("span", {}, name)
	);
}

function family_of({ kind, mime_type }) {
	const type = (mime_type || "").split("/")[0];
	// What was sent as a document stays one: people expect to download it.
	if (kind === "document") return null;
	if (PICTURES.includes(kind) || (type === "image" && mime_type !== "image/svg+xml")) return "picture";
	if (FILMS.includes(kind) || type === "video") return "film";
	if (SOUNDS.includes(kind) || type === "audio") return "sound";
	return null;
}

/** Nothing but addresses of the web: no `javascript:`, no `data:`. */
export function safe_url(text) {
	try {
		const url = new URL(text, window.location.origin);
		return ["http:", "https:"].includes(url.protocol) ? url.href : null;
	} catch {
		return null;
	}
}
