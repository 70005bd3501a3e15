/* The screening form: the warning before it is sent names the result that is chosen. Where something is not answered yet
   there is nothing to confirm: the server lists what it is. */

const send = document.querySelector("[data-send-result]");
const form = send?.form;

if (form) {
  const asks = JSON.parse(send.dataset.sendResult);

  const show = () => {
    const groups = new Set([...form.querySelectorAll('input[type="radio"]')].map((radio) => radio.name));
    const isWhole = [...groups].every((name) => form.querySelector(`input[name="${CSS.escape(name)}"]:checked`));
    const chosen = form.querySelector('input[name="result"]:checked')?.value;
    if (isWhole && asks[chosen]) send.dataset.confirm = asks[chosen];
    else delete send.dataset.confirm;
  };

  form.addEventListener("change", show);
  show();
}
