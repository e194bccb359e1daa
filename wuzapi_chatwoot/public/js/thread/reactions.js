// Reactions to a message: those that were given, as badges, and the choice of a new one.
import { name_of_reactor } from "./authors";
import { element, text_button } from "./elements";

const USUAL = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
// In characters: as long as an emoji may be for the server.
const LONGEST = 16;

/** `react(emoji)`: "" takes ours back. */
export function badges(reactions, react) {
	const givers = new Map();
	for (const reaction of reactions) {
		givers.set(reaction.emoji, [...(givers.get(reaction.emoji) || []), reaction]);
	}
	return [...givers].map(([emoji, all]) => {
		const ours = all.some(({ own }) => own);
		const names = all.map(name_of_reactor).join(", ");
		return text_button(
			"wuzapi-badge",
			all.length > 1 ? `${emoji} ${all.length}` : emoji,
			() => react(ours ? "" : emoji),
			{
				title: names,
				"aria-label": __("{0} from {1}", [emoji, names]),
				"aria-pressed": String(ours),
			}
		);
	});
}

/** `own`: the emoji that we have given. `done()`: the choice is to go away. */
export function picker(own, react, done) {
	const choose = (emoji) => {
		done();
		react(emoji);
	};
	const other = element("input", {
		class: "form-control wuzapi-other-emoji",
		maxlength: LONGEST,
		placeholder: __("Other"),
		"aria-label": __("Another emoji"),
		onkeydown: (event) => {
			if (event.key !== "Enter" || event.isComposing || !other.value.trim()) return;
			// Or the button that gets the focus next would be pressed.
			event.preventDefault();
			choose(other.value.trim());
		},
	});
	const choices = USUAL.map((emoji) =>
		text_button("wuzapi-emoji", emoji, () => choose(emoji === own ? "" : emoji), {
			"aria-label": __("React with {0}", [emoji]),
			"aria-pressed": String(emoji === own),
		})
	);
	const back = own && text_button("btn btn-xs btn-default", __("Take Back"), () => choose(""));
	return element(
		"div",
		{
			class: "wuzapi-picker",
			role: "group",
			"aria-label": __("React"),
			onkeydown: (event) => {
				if (event.key !== "Escape") return;
				event.stopPropagation();
				done();
			},
		},
		...choices,
		other,
		back
	);
}
