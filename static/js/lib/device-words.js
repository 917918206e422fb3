// What a device is called in the page's language.

import { t } from "./i18n.js";

/** Names of the server's labels that are not the same in every language. */
const LABELS = /** @type {Readonly<Record<string, string>>} */ ({
  微信: "device.wechat",
  企业微信: "device.wecom",
  钉钉: "device.dingtalk",
  华为浏览器: "device.huawei_browser",
  小米浏览器: "device.mi_browser",
  QQ浏览器: "device.qq_browser",
  鸿蒙: "device.harmony",
});

/** @param {string | null} device */
export function deviceWords(device) {
  if (!device) return t("sessions.unknown_device");
  return device
    .split(" · ")
    .map((part) => (LABELS[part] ? t(LABELS[part]) : part))
    .join(" · ");
}
