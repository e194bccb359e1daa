// The part of the thread that scrolls: stays at the newest message while the reader is there, and nowhere else.
import { element } from "./elements";

// In pixels.
const NEAR = 60;

export class Viewport {
	/** `at_top()`: the reader came near the oldest message that is loaded. */
	constructor(inner, at_top) {
		this.stuck = true;
		this.at_top = at_top;
		this.newer = element(
			"button",
			{ type: "button", class: "btn btn-xs btn-default wuzapi-newer hidden", onclick: () => this.to_end() },
			__("New messages")
		);
		this.scroller = element(
			"div",
			{ class: "wuzapi-scroller", tabindex: 0, role: "log", "aria-label": __("Messages") },
			inner
		);
		this.element = element("div", { class: "wuzapi-viewport" }, this.scroller, this.newer);
		this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
		// Pictures get their size when they have been loaded; the window may change its own.
		const sizes = new ResizeObserver(() => this.stuck && this.to_end());
		sizes.observe(inner);
		sizes.observe(this.scroller);
	}

	scrolled() {
		const { scrollTop, scrollHeight, clientHeight } = this.scroller;
		this.stuck = scrollHeight - scrollTop - clientHeight < NEAR;
		if (this.stuck) this.newer.classList.add("hidden");
		if (scrollTop < 4 * NEAR) this.at_top();
	}

	to_end() {
		this.stuck = true;
		this.scroller.scrollTop = this.scroller.scrollHeight;
		this.newer.classList.add("hidden");
	}

	/** Something came below. */
	added() {
		if (this.stuck) this.to_end();
		else this.newer.classList.remove("hidden");
	}

	/** `change` puts something above; what the reader looks at stays where it is. */
	keep_place(change) {
		const { scrollHeight, scrollTop } = this.scroller;
		change();
		this.scroller.scrollTop = scrollTop + this.scroller.scrollHeight - scrollHeight;
	}
}
