// What the kinds of messages are called, and which are no bubble but a line between them.

// About another message, or about nobody's.
const LINES = new Set(["reaction", "edit", "revoke", "pin", "kept", "phonecall", "group_change"]);
// Only words of ours that stand for what could not be shown.
const STAND_INS = new Set(["undecryptable", "unknown"]);

export const is_line = ({ kind }) => LINES.has(kind);
export const is_stand_in = ({ kind }) => STAND_INS.has(kind);

/** Whether WhatsApp could take an answer or a reaction to it. */
export function can_be_answered(message) {
	return !is_line(message) && !message.deleted && message.status !== "failed";
}

export function name_of_kind(kind) {
	const names = {
		image: __("Picture"),
		sticker: __("Sticker"),
		video: __("Video"),
		video_note: __("Video note"),
		gif: __("GIF"),
		audio: __("Audio"),
		voice: __("Voice message"),
		document: __("Document"),
		location: __("Location"),
	};
	return names[kind] || __("File");
}

/** One line that stands for the message where there is no room for more. */
export function summary(message) {
	const text = (message.text || "").replace(/\s+/g, " ").trim();
	return text || message.file_name || name_of_kind(message.kind);
}
