import { PNG } from "pngjs";

/** As many pixels as a canvas has, red, green, blue and opacity each. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** The little of a canvas that plotly.js uses to paint heat maps: rectangles, pixels, and the picture as a PNG. */
// biome-ignore lint/suspicious/noExplicitAny: a browser's window, whose types the library is built without
export function installCanvas(window: any): void {
  const pictures = new WeakMap<object, Picture>();
  const pictureOf = (canvas: { width: number; height: number }): Picture => {
    const { width, height } = canvas;
    const known = pictures.get(canvas);
    if (known?.width === width && known.height === height) return known;
    const fresh = { width, height, data: new Uint8ClampedArray(width * height * 4) };
    pictures.set(canvas, fresh);
    return fresh;
  };
  const { prototype } = window.HTMLCanvasElement;
  prototype.getContext = function (kind: string) {
    return kind === "2d" ? context(this, () => pictureOf(this)) : null;
  };
  prototype.toDataURL = function () {
    const { width, height, data } = pictureOf(this);
    const png = Object.assign(new PNG({ width, height }), { data: Buffer.from(data.buffer) });
    return `data:image/png;base64,${PNG.sync.write(png).toString("base64")}`;
  };
}

const nothing = (): void => {};

function context(canvas: object, picture: () => Picture) {
  return {
    canvas,
    fillStyle: "#000",
    font: "12px sans-serif",
    fillRect(x: number, y: number, width: number, height: number) {
      fill(picture(), [x, y, x + width, y + height].map(Math.round), colour(String(this.fillStyle)));
    },
    clearRect: () => picture().data.fill(0),
    createImageData: (width: number, height: number) => blank(width, height),
    getImageData: (_x: number, _y: number, width: number, height: number) => blank(width, height),
    putImageData(image: Picture, x: number, y: number) {
      const to = picture();
      for (let row = 0; row < image.height; row++) {
        const line = image.data.subarray(row * image.width * 4, (row + 1) * image.width * 4);
        to.data.set(line, ((y + row) * to.width + x) * 4);
      }
    },
    measureText: (text: string) => ({ width: 7 * text.length }),
    ...{ drawImage: nothing, save: nothing, restore: nothing, scale: nothing, translate: nothing },
    ...{ beginPath: nothing, fill: nothing, stroke: nothing },
  };
}

const blank = (width: number, height: number): Picture => ({
  width,
  height,
  data: new Uint8ClampedArray(width * height * 4),
});

/** rgb(…) and rgba(…), as plotly.js writes them. */
function colour(text: string): number[] {
  const [red = 0, green = 0, blue = 0, alpha = 1] = text.match(/[\d.]+/g)?.map(Number) ?? [];
  return [red, green, blue, 255 * alpha];
}

function fill({ width, height, data }: Picture, [x0, y0, x1, y1]: number[], pixel: number[]): void {
  for (let y = Math.max(0, y0); y < Math.min(height, y1); y++) {
    for (let x = Math.max(0, x0); x < Math.min(width, x1); x++) data.set(pixel, (y * width + x) * 4);
  }
}
