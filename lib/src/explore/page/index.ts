// What runs in a page. The bundle defines one name, `unrolledPage`, with these exports.
import type { BuildUpData } from "../build-up.js";
import type { LiveLSTMData } from "../live-lstm.js";
import type { LookBackData } from "../look-back.js";
import type { TextsData } from "../texts.js";
import type { WidgetKind } from "../widget.js";
import { mountBuildUp } from "./build-up.js";
import { card, type Theme } from "./card.js";
import { mountLSTM } from "./lstm.js";
import { mountLookBack, mountTexts } from "./texts.js";

export { runMachine } from "../lstm-player.js";

export interface PageWidget {
  readonly kind: WidgetKind;
  readonly title: string;
  readonly data: object;
}

/** Brings a widget to life in its element; what the element showed before stays for the case that this fails. */
export function mount(box: HTMLElement, { kind, title, data }: PageWidget, theme: Theme): void {
  const body = card(box, theme, title);
  if (kind === "lstm") mountLSTM(body, data as LiveLSTMData);
  else if (kind === "texts") mountTexts(body, data as TextsData);
  else if (kind === "look-back") mountLookBack(body, data as LookBackData);
  else mountBuildUp(body, data as BuildUpData);
  box.dataset.ready = kind;
}
