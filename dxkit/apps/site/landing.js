// What the first page does by itself: search, and for who leads: invite, copy a link, withdraw one.

const $ = (id) => document.getElementById(id);

const search = $("search");
search?.addEventListener("input", () => {
  const wanted = search.value.trim().toLowerCase();
  const cases = [...document.querySelectorAll(".case")];
  for (const each of cases) each.hidden = !each.dataset.words.toLowerCase().includes(wanted);
  const shown = cases.filter((each) => !each.hidden).length;
  $("found").textContent = wanted ? (shown ? `找到 ${shown} 家` : "没有找到，换个词试试") : "";
});

$("at")?.addEventListener("change", (event) => event.target.form.submit());

const every = $("every");
every?.addEventListener("change", () => {
  $("picked").hidden = every.checked;
});

const role = $("role");
const explain = () => {
  $("role-says").textContent = `${role.selectedOptions[0].text}：${role.selectedOptions[0].dataset.says}。`;
};
if (role) {
  role.addEventListener("change", explain);
  explain();
}

$("invite")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const picked = [...form.querySelectorAll("[name=case]:checked")].map((each) => each.value);
  const told = {
    name: form.elements.name.value,
    role: form.elements.role.value,
    cases: every.checked ? null : picked,
  };
  const answer = await post("/participants", told);
  $("invite-problem").textContent = answer.problem ?? "";
  form.elements.name.setAttribute("aria-invalid", String(Boolean(answer.problem)));
  if (answer.done) afterwards(`已添加 ${told.name.trim()}，请把链接发给本人`);
});

for (const person of document.querySelectorAll(".person")) {
  person.querySelector(".copy").addEventListener("click", (event) => {
    copy(event.currentTarget.dataset.link, person);
  });
  person.querySelector(".revoke")?.addEventListener("click", async () => {
    const { name } = person.dataset;
    if (!confirm(`收回 ${name} 的链接？该链接将不能再用，${name} 打开的页面会关闭；已填写的内容都保留。`)) return;
    const answer = await post(`/participants/${person.dataset.person}/revoke`, {});
    if (answer.done) afterwards(`已收回 ${name} 的链接`);
    else $("done").textContent = answer.problem;
  });
}

const said = sessionStorage.getItem("dxkit-said");
if (said && $("done")) {
  sessionStorage.removeItem("dxkit-said");
  $("done").textContent = said;
  $("people").scrollIntoView();
}

/** Copy; a page that came over plain http in a LAN has no clipboard and shows the link to copy. */
async function copy(link, person) {
  try {
    await navigator.clipboard.writeText(link);
    $("done").textContent = `已复制 ${person.dataset.name} 的链接`;
  } catch {
    const details = person.querySelector("details");
    details.open = true;
    getSelection().selectAllChildren(details.querySelector(".link"));
    $("done").textContent = document.execCommand("copy")
      ? `已复制 ${person.dataset.name} 的链接`
      : "浏览器不允许自动复制，链接已选中，请手工复制";
  }
}

function afterwards(words) {
  sessionStorage.setItem("dxkit-said", words);
  location.reload();
}

async function post(place, told) {
  try {
    const answer = await fetch(place, { method: "POST", body: JSON.stringify(told) });
    if (answer.ok) return await answer.json();
    return { problem: answer.status === 403 ? "链接已失效，请重新打开您的链接" : "没有办成，请刷新再试" };
  } catch {
    return { problem: "连不上服务器，请稍后再试" };
  }
}
