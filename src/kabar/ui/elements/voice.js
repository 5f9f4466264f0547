// Recording a voice message: what was said becomes a file like others.

import { words } from "../common/words.js";

/** Longer ones are stopped, and sent if one likes. */
const LONGEST_SECONDS = 15 * 60;
/** What browsers record, best first. */
const KINDS = [
  { type: "audio/webm;codecs=opus", extension: "webm" },
  { type: "audio/mp4", extension: "m4a" },
  { type: "audio/ogg;codecs=opus", extension: "ogg" },
];

export class Voice {
  isRecording = false;
  seconds = 0;
  /** Why it could not be. */
  problem = "";
  /** @type {MediaRecorder | null} */
  #recorder = null;
  #timer = 0;

  /**
   * @param {import("../vendor/lit.js").ReactiveControllerHost} host
   * @param {(file: File) => void} recorded
   */
  constructor(host, recorded) {
    this.host = host;
    this.recorded = recorded;
    host.addController(this);
  }

  /** Browsers give the microphone to secure pages only. */
  static get isPossible() {
    return isSecureContext && "MediaRecorder" in window && Boolean(navigator.mediaDevices);
  }

  hostConnected() {}

  hostDisconnected() {
    this.cancel();
  }

  async start() {
    if (this.isRecording) return;
    this.#become({ isRecording: true, seconds: 0, problem: "" });
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      if (this.isRecording) this.#record(stream);
      else stop(stream);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.#become({ isRecording: false, problem: words.noMicrophone });
    }
  }

  forgive = () => this.#become({ problem: "" });

  /** What was said so far is the message. */
  finish() {
    if (this.#recorder) this.#recorder.stop();
    else this.cancel();
  }

  /** Nothing of it is kept. */
  cancel() {
    const recorder = this.#recorder;
    this.#recorder = null;
    recorder?.stop();
    clearInterval(this.#timer);
    if (this.isRecording) this.#become({ isRecording: false });
  }

  /** @param {MediaStream} stream */
  #record(stream) {
    const kind = KINDS.find(({ type }) => MediaRecorder.isTypeSupported(type)) ?? KINDS[0];
    /** @type {Blob[]} */
    const pieces = [];
    const recorder = new MediaRecorder(stream, { mimeType: kind.type });
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.onstop = () => {
      stop(stream);
      clearInterval(this.#timer);
      if (this.#recorder !== recorder) return; // cancelled
      this.#recorder = null;
      this.#become({ isRecording: false });
      const name = `${words.voiceMessage}.${kind.extension}`;
      this.recorded(new File(pieces, name, { type: kind.type.split(";")[0] }));
    };
    this.#recorder = recorder;
    recorder.start(1000);
    this.#timer = window.setInterval(() => {
      this.#become({ seconds: this.seconds + 1 });
      if (this.seconds >= LONGEST_SECONDS) this.finish();
    }, 1000);
  }

  /** @param {{isRecording?: boolean, seconds?: number, problem?: string}} changes */
  #become(changes) {
    Object.assign(this, changes);
    this.host.requestUpdate();
  }
}

/** The light of the microphone goes out. @param {MediaStream} stream */
function stop(stream) {
  for (const track of stream.getTracks()) track.stop();
}
