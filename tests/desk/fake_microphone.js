// A microphone, and a recorder as Chromium's: pages of tests do not come safely, so the real ones are not there.
window.microphone = { refused: false, stopped: 0 };
Object.defineProperty(navigator, "mediaDevices", {
	configurable: true,
	value: {
		async getUserMedia() {
			if (microphone.refused) throw new DOMException("no", "NotAllowedError");
			return { getTracks: () => [{ stop: () => microphone.stopped++ }] };
		},
	},
});
window.MediaRecorder = class {
	static isTypeSupported(type) {
		return type.startsWith("audio/webm");
	}
	start() {}
	stop() {
		this.ondataavailable({ data: new Blob(["what was said"]) });
		this.onstop();
	}
};
