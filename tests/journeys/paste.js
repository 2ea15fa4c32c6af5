// Pastes a picture of 60 by 40 dots into the form that attaches, as when one has taken a screenshot.
const done = arguments[arguments.length - 1];
const canvas = document.createElement("canvas");
[canvas.width, canvas.height] = [60, 40];
canvas.getContext("2d").fillRect(10, 10, 30, 20);
canvas.toBlob((blob) => {
  const picture = new File([blob], "image.png", { type: "image/png" });
  const clipboardData = new DataTransfer();
  clipboardData.items.add(picture);
  const paste = new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData });
  // Firefox makes an empty one of its own.
  if (paste.clipboardData.files.length === 0) paste.clipboardData.items.add(picture);
  document.querySelector("#attach textarea").dispatchEvent(paste);
  done();
});
