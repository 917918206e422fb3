// A WebGL that draws nothing, run before the page's own scripts: without a graphics card, drawing maps costs most of
// what a browser does. The map loads, moves, is tapped and knows what lies where as ever; its canvas stays empty.
(() => {
  const { prototype } = WebGL2RenderingContext;
  const LIMIT = 4096;

  class NoPixels {
    /**
     * @param {HTMLCanvasElement} canvas
     * @param {WebGLContextAttributes} attributes
     */
    constructor(canvas, attributes) {
      Object.assign(this, { canvas, attributes });
    }
    get drawingBufferWidth() {
      return this.canvas.width;
    }
    get drawingBufferHeight() {
      return this.canvas.height;
    }
    getContextAttributes() {
      return { ...this.attributes };
    }
    getParameter() {
      return LIMIT;
    }
    getProgramParameter(_program, name) {
      return name === this.ACTIVE_ATTRIBUTES ? 0 : true;
    }
    getShaderParameter() {
      return true;
    }
    checkFramebufferStatus() {
      return this.FRAMEBUFFER_COMPLETE;
    }
    isContextLost() {
      return false;
    }
    getError() {
      return this.NO_ERROR;
    }
    getAttribLocation() {
      return -1;
    }
    getExtension() {
      return null;
    }
  }

  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (name in NoPixels.prototype) continue;
    if (typeof value === "number") NoPixels.prototype[name] = value;
    else if (typeof value === "function") {
      NoPixels.prototype[name] = name.startsWith("create") ? () => ({}) : () => null;
    }
  }

  const contexts = new WeakMap();
  const { getContext } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.getContext = function (kind, attributes) {
    if (kind !== "webgl2") return getContext.call(this, kind, attributes);
    if (!contexts.has(this)) contexts.set(this, new NoPixels(this, attributes));
    return contexts.get(this);
  };
})();
