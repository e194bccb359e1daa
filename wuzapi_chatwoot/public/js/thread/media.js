// The file of a message: shown where the browser can, otherwise a link to it.
import { safe_url } from "./addresses";
import { drawing, element } from "./elements";
import { name_of_kind } from "./kinds";
import { SHEET } from "./pictures";

const PICTURES = ["image", "sticker"];
const FILMS = ["video", "video_note", "gif"];
const SOUNDS = ["audio", "voice"];
const FILES = [...PICTURES, ...FILMS, ...SOUNDS, "document", "file"];

/** Null for a message that has none. */
export function media(message) {
	if (!message.file_url) return missing(message);
	const url = safe_url(message.file_url);
	const family = url && family_of(message);
	if (family === "picture") {
		const picture = element("img", { src: url, alt: message.file_name || __("Picture"), loading: "lazy" });
		const kind = message.kind === "sticker" ? "wuzapi-picture wuzapi-sticker" : "wuzapi-picture";
		return element("a", { class: kind, href: url, download: message.file_name || "" }, picture);
	}
	if (family === "film") return film(message.kind, url);
	if (family === "sound") {
		return element("audio", { class: "wuzapi-sound", src: url, controls: true, preload: "metadata" });
	}
	const name = message.file_name || __("File");
	return element(
		"a",
		{ class: "wuzapi-file", href: url, download: name },
		drawing(SHEET),
		element("span", {}, name)
	);
}

/** A GIF of WhatsApp is a film without sound that goes round and round; a video note is round itself. */
function film(kind, src) {
	const gif = kind === "gif";
	const name = kind === "video_note" ? "wuzapi-film wuzapi-video-note" : "wuzapi-film";
	const made = element("video", { class: name, src, controls: true, loop: gif, preload: "metadata" });
	made.muted = gif;
	return made;
}

/** It has not come, or not yet, or was cleared away. */
function missing({ kind, file_name, status }) {
	if (!file_name && !FILES.includes(kind)) return null;
	const name = file_name || (status === "pending" ? name_of_kind(kind) : __("{0}: not here", [name_of_kind(kind)]));
	return element("div", { class: "wuzapi-file" }, drawing(SHEET), element("span", {}, name));
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
