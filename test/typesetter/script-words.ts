/** The same call in six scripts, a title and when and where; and in more for tests. */
export const SIX_SCRIPTS = {
  Latin: "Rent strike now\nSaturday 14:00, Union Hall",
  Cyrillic: "Забастовка\nСуббота 14:00, Дом профсоюзов",
  Arabic: "إضراب الإيجار\nالسبت 14:00، قاعة النقابة",
  Han: "拒付房租\n星期六 14:00 工会大楼",
  Devanagari: "किराया हड़ताल\nशनिवार 14:00, यूनियन हॉल",
  Hangul: "월세 파업\n토요일 14:00 노동조합 회관",
} as const;

export const MORE_SCRIPTS = {
  Greek: "Απεργία ενοικίου\nΣάββατο 14:00",
  Hebrew: "שביתת שכר דירה\nיום שבת 14:00",
  Kana: "家賃ストライキ\n土曜日 14:00",
  Thai: "หยุดจ่ายค่าเช่า\nวันเสาร์ 14:00 น.",
  Bengali: "ভাড়া ধর্মঘট\nশনিবার 14:00",
  Tamil: "வாடகை வேலைநிறுத்தம்\nசனிக்கிழமை 14:00",
  Armenian: "Վարձի գործադուլ\nՇաբաթ 14:00",
  Georgian: "ქირის გაფიცვა\nშაბათი 14:00",
  Amharic: "የኪራይ አድማ\nቅዳሜ 14:00",
} as const;
