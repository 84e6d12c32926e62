import { openTransfers } from "@naru/client/browser";
import { NaruApp } from "@naru/elements/app";

const app = document.querySelector("naru-app");
if (app instanceof NaruApp) app.openTransfers = (user) => openTransfers({ origin: location.origin, user });
