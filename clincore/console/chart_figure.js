// The element around a chart: its title, summary, legend, the values that can be pointed at, and its table.

import { fragment, h, svg } from "./dom.js";
import { button, newId } from "./parts.js";

/**
 * @typedef {object} Target a place in the chart that can be pointed at and focused
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {string} text the values there
 * @property {number} group the arrows left and right stay in a group, up and down change it
 */

/**
 * @typedef {object} Chart
 * @property {string} title
 * @property {string} summary
 * @property {{name: string, swatch: SVGElement}[]} legend
 * @property {(() => HTMLElement) | null} asTable null if the summary says it all
 * @property {((width: number) => {width: number, height: number, marks: SVGElement[], targets: Target[]}) | null} draw
 *   null if there are no values. The drawing may be wider than `width`: then it scrolls.
 */

const HINT = "Point at the chart, or move in it with the arrow keys, to read its values.";

/** A chart with its title, summary, legend, and table. */
export class ChartFigure extends HTMLElement {
  /** @type {Chart} */
  #chart;
  #id = newId("chart");
  #width = 0;
  /** @type {SVGRectElement[]} */
  #targets = [];
  #plot = h("div", { class: "scroll" });
  #told = h("p", { class: "chart-told small no-print", dir: "auto" }, HINT);
  #observer = new ResizeObserver(() => this.#draw());

  /** @param {Chart} chart */
  constructor(chart) {
    super();
    this.#chart = chart;
  }

  connectedCallback() {
    if (!this.hasChildNodes()) this.#build();
    this.#draw();
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    this.#observer.disconnect();
  }

  #build() {
    const { title, summary, legend, asTable, draw } = this.#chart;
    const caption = h("figcaption", { dir: "auto" }, title);
    if (!draw) {
      this.append(h("figure", null, caption, h("p", { class: "muted" }, summary)));
      return;
    }
    const shown = h("div", null, this.#plot, legend.length > 0 && legendView(legend), this.#told);
    // Screen readers read the summary with the picture, which has it as its description.
    const visible = h("p", { class: "small muted", dir: "auto", "aria-hidden": "true" }, summary);
    const figure = h("figure", null, caption, visible, shown);
    this.append(figure);
    if (!asTable) return;
    const tabled = h("div", { hidden: true });
    const toggle = button("Show as table", () => {
      if (!tabled.hasChildNodes()) tabled.append(asTable());
      tabled.hidden = !tabled.hidden;
      shown.hidden = !tabled.hidden;
      toggle.textContent = tabled.hidden ? "Show as table" : "Show as chart";
    });
    figure.append(tabled, h("p", { class: "no-print" }, toggle));
  }

  #draw() {
    const { title, summary, draw } = this.#chart;
    const given = Math.round(this.clientWidth) || 640;
    if (!draw || given === this.#width) return;
    this.#width = given;
    const { width, height, marks, targets } = draw(given);
    const focused = this.#targets.findIndex((target) => target === document.activeElement);
    const viewBox = `0 0 ${width} ${height}`;
    const id = this.#id;
    const picture = svg(
      "svg",
      { viewBox, role: "img", "aria-labelledby": `${id}-title ${id}-desc` },
      svg("title", { id: `${id}-title` }, title),
      svg("desc", { id: `${id}-desc` }, summary),
      marks,
    );
    // Over the picture, not in it: what is inside an image is not shown to screen readers.
    const stack = h("div", { class: "chart-stack" });
    stack.append(picture);
    if (targets.length > 0) stack.append(this.#overlay(viewBox, targets));
    if (width > given) stack.style.width = `${width}px`;
    this.#told.hidden = targets.length === 0;
    this.#plot.replaceChildren(stack);
    if (focused >= 0) this.#targets[focused]?.focus();
  }

  /**
   * @param {string} viewBox
   * @param {Target[]} targets
   */
  #overlay(viewBox, targets) {
    /** @type {SVGRectElement[]} */
    const made = targets.map(({ x, y, width, height, text }) => {
      const target = svg("rect", {
        x, y, width, height, class: "chart-target", role: "img", "aria-label": text, tabindex: -1,
        onpointerenter: () => this.#tell(text),
        onfocus: () => {
          for (const each of made) each.setAttribute("tabindex", "-1");
          target.setAttribute("tabindex", "0");
          this.#tell(text);
        },
      });
      return target;
    });
    // Tab enters the chart at its latest value.
    made.at(-1)?.setAttribute("tabindex", "0");
    this.#targets = made;
    const onkeydown = (/** @type {KeyboardEvent} */ event) => {
      const next = nextPlace(targets, made.findIndex((target) => target === event.target), event.key);
      if (next === undefined) return;
      event.preventDefault();
      made[next]?.focus();
    };
    const label = `Values of: ${this.#chart.title}. Move with the arrow keys.`;
    return svg("svg", { viewBox, class: "chart-targets", role: "group", "aria-label": label, onkeydown }, made);
  }

  /** @param {string} text */
  #tell(text) {
    this.#told.replaceChildren(fragment(text));
  }
}
customElements.define("chart-figure", ChartFigure);

/**
 * @param {Target[]} targets
 * @param {number} place
 * @param {string} key
 * @returns {number | undefined}
 */
function nextPlace(targets, place, key) {
  const here = targets[place];
  if (!here) return undefined;
  const placesOf = (/** @type {number} */ asked) => targets.flatMap(({ group }, at) => (group === asked ? [at] : []));
  const own = placesOf(here.group);
  const at = own.indexOf(place);
  if (key === "ArrowLeft") return own[at - 1];
  if (key === "ArrowRight") return own[at + 1];
  if (key === "Home") return own[0];
  if (key === "End") return own.at(-1);
  if (key !== "ArrowUp" && key !== "ArrowDown") return undefined;
  const distance = (/** @type {number} */ other) => Math.abs((targets[other]?.x ?? 0) - here.x);
  const others = placesOf(here.group + (key === "ArrowUp" ? -1 : 1));
  return others.toSorted((one, other) => distance(one) - distance(other))[0];
}

/** @param {{name: string, swatch: SVGElement}[]} legend */
function legendView(legend) {
  for (const { swatch } of legend) swatch.setAttribute("aria-hidden", "true");
  return h(
    "ul",
    { class: "chart-legend small" },
    legend.map(({ name, swatch }) => h("li", null, swatch, h("span", { dir: "auto" }, name))),
  );
}
