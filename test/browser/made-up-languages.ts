import { addCatalogue, type Catalogue, catalogueOf, SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";

/** Enough of the page in Arabic to join, make, press and look at the wall. Everything else is English. */
const SENTENCES: Readonly<Record<string, string>> = {
  "page.chat.enlarge": "تكبير: {title}",
  "page.chat.for": "إلى {name}",
  "page.chat.messages": "الرسائل",
  "page.chat.only-you": "أنت وحدك ترى هذا",
  "page.chat.says": "{name} يقول",
  "page.choice.use": "استخدم",
  "page.composer.choices": "الخيارات",
  "page.composer.commands": "الأوامر",
  "page.composer.form": "نموذج",
  "page.composer.message": "رسالة",
  "page.composer.placeholder": "رسالة، أو / للأوامر",
  "page.composer.send": "إرسال",
  "page.dialog.cancel": "إلغاء",
  "page.dialog.close": "إغلاق",
  "page.door.about": "اصنعوا معًا ملصقات وصورًا للاجتماعات في محادثة مجموعتكم.",
  "page.door.explained": "كل من يكتب اسم المجموعة نفسه يلتقي هناك. الاسم الذي لم يستخدمه أحد بعد يبدأ مجموعة جديدة.",
  "page.door.group": "المجموعة",
  "page.door.group-example": "مثلًا: إضراب-الإيجار",
  "page.door.join": "انضم",
  "page.door.name": "اسمك",
  "page.frame.here": "{n, plural, one {شخص واحد هنا} two {شخصان هنا} few {# أشخاص هنا} other {# شخصًا هنا}}",
  "page.frame.menu": "المجموعات والأعضاء",
  "page.option.as-usual": "كالمعتاد",
  "page.option.fallback": "{value} إن تركته فارغًا",
  "page.option.optional": "اختياري",
  "page.option.range": "من {min} إلى {max}",
  "page.side.copy": "انسخ رابط هذه المجموعة",
  "page.side.groups": "مجموعاتك",
  "page.side.here-now": "هنا الآن",
  "page.side.leave": "غادر هذه المجموعة",
  "page.side.other-group": "انضم إلى مجموعة أخرى",
  "page.side.wall": "افتح الجدار",
  "page.side.you": "أنت",
  "page.start.about":
    "اكتب {command} وما تريد أن تراه. يرى الجميع في هذه المجموعة الصورة، ويمكنهم طلب محاولة أخرى أو صورة مشابهة.",
  "page.start.example-fox": "ثعلب أحمر يحمل لافتة كُتب عليها «الإيجار مرتفع جدًا»",
  "page.start.example-party": "ملصق لحفل في الشارع، بعبارة «السبت 3 مساءً»",
  "page.start.share": "شارك رابط هذه المجموعة لينضم إليها آخرون من متصفحاتهم.",
  "page.start.title": "صورتك الأولى على بُعد سطر واحد",
  "wall.by": "من {name} · {group}",
  "wall.empty": "تظهر هنا الصور التي تُصنع في «{group}».",
  "web.name.empty": "اكتب اسمًا أولًا: يراه الآخرون بجانب رسائلك.",
};

const arabic: Catalogue = {
  ...catalogueOf(SOURCE_LANGUAGE),
  name: "العربية",
  reviewed: false,
  direction: "rtl",
  messages: new Map(Object.entries(SENTENCES)),
};

/** @returns what takes it away again */
export const speakArabic = (): (() => void) => addCatalogue("ar", arabic);

export const WORDY = "en-XA";

/** Every sentence half as long again, as some are in German and Russian. @returns what takes it away again */
export function speakWordily(): () => void {
  const english = catalogueOf(SOURCE_LANGUAGE);
  const longer = (source: string) => `${source} ${"łöñg ".repeat(Math.ceil(source.length / 10)).trim()}`;
  const messages = new Map([...english.messages].map(([id, source]) => [id, longer(source)]));
  return addCatalogue(WORDY, { ...english, messages });
}
