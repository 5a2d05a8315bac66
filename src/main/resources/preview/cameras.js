// The dialog in which cameras are added, changed, paused and removed, where this Framecast allows that.
const SHOWN = ["fps", "fit", "region", "model"]; // settings with a field of their own
const PATIENCE = 20000; // ms; a camera that is tried may take 15 s

const dialog = document.getElementById("manage");
const opener = document.getElementById("open-manage");
const list = document.getElementById("manage-list");
const form = document.getElementById("manage-form");
const said = document.getElementById("manage-said");
const picture = document.getElementById("manage-picture");
const fields = form.elements;

let changing = null; // the id of the camera that the form changes; null if it adds one

// An answer of /api/cameras or /api/picture; throws what is wrong, in words for a person.
async function ask(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Error("Framecast does not answer. Check that it still runs, and try again.");
  }
  if (answer.headers.get("content-type") === "image/jpeg") return answer.blob();
  const told = await answer.json();
  if (!answer.ok) throw new Error(`That did not work: ${told.error}`);
  return told;
}

function say(words, isError = false) {
  said.textContent = words;
  said.classList.toggle("wrong", isError);
}

// Does what a button is for, once at a time, and says how it went.
async function perform(button, doing, work) {
  button.disabled = true;
  say(doing);
  try {
    say(await work());
  } catch (wrong) {
    say(wrong.message, true);
  }
  button.disabled = false;
}

function button(words, label, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", () => action(made));
  return made;
}

async function show() {
  const { cameras } = await ask("GET", "api/cameras");
  list.replaceChildren(...cameras.map(row));
  document.getElementById("manage-none").hidden = cameras.length > 0;
}

function row(camera) {
  const item = document.createElement("li");
  const name = document.createElement("b");
  name.textContent = camera.id;
  const source = document.createElement("span");
  source.className = "manage-source";
  const own = Object.entries(camera.settings).map(([key, value]) => `, ${key} ${value}`);
  source.textContent = `${camera.source}${own.join("")}${camera.paused ? " (paused)" : ""}`;
  const actions = document.createElement("span");
  actions.className = "manage-actions";
  if (camera.canChange) {
    const word = camera.paused ? "Resume" : "Pause";
    actions.append(
      button(word, `${word} ${camera.id}`, (pressed) => perform(pressed, "", () => pause(camera))),
      button("Change", `Change ${camera.id}`, () => edit(camera)),
      button("Remove", `Remove ${camera.id}`, (pressed) => confirmRemoval(pressed, camera)),
    );
  } else {
    actions.textContent = "set on the command line; cannot be changed here";
  }
  item.append(name, source, actions);
  return item;
}

async function pause(camera) {
  await ask("PUT", `api/cameras/${camera.id}`, { paused: !camera.paused });
  await show();
  return `${camera.id} is ${camera.paused ? "read again" : "paused"}.`;
}

// A second press within some seconds removes it.
function confirmRemoval(pressed, camera) {
  if (pressed.dataset.sure) {
    perform(pressed, "", async () => {
      await ask("DELETE", `api/cameras/${camera.id}`);
      await show();
      if (changing === camera.id) edit(null);
      return `${camera.id} is removed.`;
    });
    return;
  }
  pressed.dataset.sure = "yes";
  pressed.textContent = "Really remove?";
  pressed.setAttribute("aria-label", `Really remove ${camera.id}?`);
  say(`Press again to remove ${camera.id}.`);
  setTimeout(() => {
    delete pressed.dataset.sure;
    pressed.textContent = "Remove";
    pressed.setAttribute("aria-label", `Remove ${camera.id}`);
  }, 5000);
}

// Fills the form with a camera, or empties it for a new one.
function edit(camera) {
  changing = camera?.id ?? null;
  form.reset();
  picture.hidden = true;
  fields.id.disabled = camera !== null;
  fields.id.value = camera?.id ?? "";
  fields.source.value = camera?.source ?? "";
  for (const name of SHOWN) fields[name].value = camera?.settings[name] ?? "";
  form.dataset.settings = JSON.stringify(camera?.settings ?? {});
  document.getElementById("manage-title").textContent = camera ? `Change ${camera.id}` : "Add a camera";
  fields.save.textContent = camera ? "Save" : "Add camera";
  fields.cancel.hidden = camera === null;
  if (camera) fields.source.focus();
}

function wanted() {
  const settings = JSON.parse(form.dataset.settings ?? "{}"); // those that the form does not show stay
  for (const name of SHOWN) {
    delete settings[name];
    if (fields[name].value !== "") settings[name] = fields[name].value;
  }
  const camera = { source: fields.source.value.trim(), settings };
  const id = fields.id.value.trim();
  return id === "" ? camera : { id, ...camera };
}

async function test() {
  const jpeg = await ask("POST", "api/picture", wanted());
  const image = await createImageBitmap(jpeg);
  picture.width = image.width;
  picture.height = image.height;
  picture.getContext("2d").drawImage(image, 0, 0);
  picture.hidden = false;
  return `This is the camera's picture now, shown here at ${image.width} by ${image.height} pixels.`;
}

async function save() {
  const { id, ...camera } = wanted();
  const saved = changing === null ? await ask("POST", "api/cameras", wanted()) : await ask("PUT", `api/cameras/${changing}`, camera);
  const words = changing === null ? "added. Its first picture comes in some seconds." : "changed.";
  edit(null);
  await show();
  return `${saved.id} is ${words}`;
}

async function open() {
  edit(null);
  say("");
  dialog.showModal();
  fields.source.focus();
  await show().catch((wrong) => say(wrong.message, true));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  perform(fields.save, "Saving …", save);
});
fields.test.addEventListener("click", () => {
  if (form.reportValidity()) perform(fields.test, "Asking the camera for a picture …", test);
});
fields.cancel.addEventListener("click", () => edit(null));
opener.addEventListener("click", open);
document.getElementById("empty-manage").addEventListener("click", open);

// Where cameras cannot be changed, nothing of this is shown.
fetch("ticket", { cache: "no-store" })
  .then((answer) => answer.json())
  .then(({ camerasCanChange }) => {
    opener.hidden = !camerasCanChange;
    document.getElementById("empty-add").hidden = !camerasCanChange;
  })
  .catch(() => {}); // the page says that it has no connection
