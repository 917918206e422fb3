// On the form by which residents report: shrinks the photo before it is sent, and asks the phone where it is.
// Without this script the same form is sent, with a building from the list and the photo as it is.

{
  const LONGEST_PX = 1280;
  const QUALITY = 0.8;
  /** What is smaller is sent as it is; the server draws it again. */
  const SMALL_BYTES = 400_000;

  const byId = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (document.getElementById(id));

  /**
   * @param {File} file
   * @returns {Promise<File>} a JPEG without what the camera wrote beside the picture
   */
  const shrunk = async (file) => {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_PX / Math.max(bitmap.width, bitmap.height));
    const canvas = Object.assign(document.createElement("canvas"), {
      width: Math.max(1, Math.round(bitmap.width * scale)),
      height: Math.max(1, Math.round(bitmap.height * scale)),
    });
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return blob ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
  };

  const photo = byId("photo");
  let shrinking = Promise.resolve();
  const shrink = async () => {
    const file = photo.files?.[0];
    if (!file || file.size <= SMALL_BYTES) return;
    try {
      const chosen = new DataTransfer();
      chosen.items.add(await shrunk(file));
      // Another one may have been chosen in the meantime.
      if (photo.files?.[0] === file) photo.files = chosen.files;
    } catch {
      // A picture that this browser cannot read: the server says so.
    }
  };
  photo?.addEventListener("change", () => (shrinking = shrink()));

  const form = photo?.form;
  let isReady = false;
  form?.addEventListener("submit", (event) => {
    if (isReady) return;
    event.preventDefault();
    // A second tap while it is sent does nothing: the page that comes has its own form.
    isReady = true;
    void shrinking.then(() => form.submit());
  });
  // Back from the next page the form can be sent again; it is kept once.
  addEventListener("pageshow", () => (isReady = false));

  const locate = /** @type {HTMLButtonElement} */ (document.getElementById("locate"));
  const building = /** @type {HTMLSelectElement} */ (document.getElementById("building"));
  const put = (/** @type {GeolocationCoordinates | null} */ coords) => {
    byId("lon").value = coords ? String(coords.longitude) : "";
    byId("lat").value = coords ? String(coords.latitude) : "";
    byId("accuracy").value = coords ? String(coords.accuracy) : "";
  };
  if (locate && building && "geolocation" in navigator && isSecureContext) {
    locate.hidden = false;
    locate.addEventListener("click", () => {
      locate.textContent = locate.dataset["asking"] ?? "";
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          put(coords);
          building.value = "";
          locate.textContent = (locate.dataset["found"] ?? "").replaceAll("{m}", String(Math.round(coords.accuracy)));
        },
        () => (locate.textContent = locate.dataset["failed"] ?? ""),
        { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 },
      );
    });
    // A building that is chosen by hand is meant.
    building.addEventListener("change", () => put(null));
  }
}
