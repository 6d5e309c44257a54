import type { Language } from "../lexicon/languages.ts";

/** How a prompt says that something is to be written: verbs and nouns, none of which is itself to be seen. `*`: any ending. */
export const LETTERING_WORDS: Readonly<Record<Language, readonly string[]>> = {
  en: [
    "say", "says", "saying", "said", "read", "reads", "reading", "state", "states", "stating", "spell", "spells",
    "spelling", "spelling out", "spelled", "write", "writes", "written", "writing", "letter", "lettered", "letters",
    "lettering", "word", "words", "wording", "text", "texts", "slogan", "slogans", "title", "titled", "headline", "heading",
    "header", "subtitle", "subheading", "caption", "captioned", "inscription", "inscribed", "label", "labeled", "labelled",
    "message", "phrase", "quote", "quotation", "entitled", "called", "named", "bearing", "proclaiming", "declaring",
    "announcing", "announces", "typography", "typeface", "font", "type", "footer", "fine print", "small print",
    "capital", "capitals", "uppercase", "all caps", "typed", "printed", "emblazoned",
  ],
  es: [
    "dice", "dicen", "diga", "digan", "diciendo", "lee", "lea", "leyendo", "pone", "ponga", "reza", "escrito", "escrita",
    "escritas", "escritos", "texto", "textos", "palabra", "palabras", "frase", "lema", "eslogan", "consigna", "título",
    "titulado", "titulada", "titular", "subtítulo", "encabezado", "leyenda", "inscripción", "rótulo", "letra", "letras",
    "mensaje", "llamado", "llamada", "tipografía", "mayúsculas",
  ],
  fr: [
    "dit", "disent", "disant", "dise", "lit", "lisant", "proclame", "proclamant", "écrit", "écrite", "écrits", "inscrit",
    "inscrite", "texte", "textes", "mot", "mots", "phrase", "slogan", "titre", "titré", "titrée", "intitulé", "intitulée",
    "sous-titre", "légende", "inscription", "lettre", "lettres", "lettrage", "message", "mention", "typographie",
    "majuscules", "capitales", "annonçant", "indiquant",
  ],
  de: [
    "sagt", "sagen", "steht", "stehen", "stehend", "lautet", "lautend", "heißt", "liest", "geschrieben*", "beschriftet*",
    "schriftzug", "schrift", "aufschrift", "beschriftung", "text", "texte", "wort", "worte", "worten", "wörter", "wörtern",
    "slogan", "parole", "titel", "überschrift", "untertitel", "spruch", "losung", "bildunterschrift", "buchstabe*",
    "lettern", "botschaft", "großbuchstaben", "versalien", "betitelt", "namens", "darauf steht", "drauf steht",
  ],
  pt: [
    "diz", "dizem", "diga", "dizendo", "lê", "lendo", "escrito", "escrita", "escritas", "escritos", "texto", "textos",
    "palavra", "palavras", "frase", "lema", "slogan", "palavra de ordem", "título", "intitulado", "intitulada", "subtítulo",
    "manchete", "legenda", "inscrição", "letra", "letras", "mensagem", "dizeres", "chamado", "chamada", "tipografia",
    "maiúsculas",
  ],
  // Ukrainian is read with it.
  ru: [
    "надпис*", "напис*", "текст*", "слов*", "лозунг*", "гасл*", "слоган*", "заголовк*", "заголовок", "подзаголовк*",
    "підзаголов*", "подпис*", "підпис*", "букв*", "літер*", "шрифт*", "фраз*", "гласит", "гласящ*", "говорит", "говорящ*",
    "каже", "промовля*", "написан*", "пише", "пишет", "называется", "под названием", "название", "назва", "з назвою",
    "прописными", "заглавными", "капсом", "зверху", "вгорі", "угорі", "знизу", "посередині", "великими", "маленькими",
  ],
  ar: [
    "مكتوب", "كتب", "كتابة", "عبارة", "نص", "كلمة", "كلمات", "شعار", "عنوان", "بعنوان", "بعبارة", "يقول", "تقول",
    "حروف", "أحرف", "خط", "جملة", "رسالة",
  ],
  zh: [
    "写着", "寫著", "写有", "寫有", "写上", "寫上", "写", "寫", "文字", "字样", "字樣", "标题", "標題", "副标题", "口号", "口號", "标语", "標語",
    "字体", "字體", "大字", "小字", "字", "题为", "題為", "内容", "印着", "印有", "上书", "标有",
  ],
  hi: [
    "लिखा हो", "लिखा हुआ", "लिखा है", "लिखा", "लिखी", "लिखे", "लिखें", "लिखकर", "शब्द", "शब्दों", "पाठ", "नारा", "नारे", "शीर्षक", "वाक्य",
    "अक्षर", "अक्षरों", "संदेश", "कहता", "कहती", "जिस पर लिखा हो", "उपशीर्षक",
  ],
};

/** What joins the words to be written to what is to be seen, and means nothing at the end of a thought. */
export const JOINING: Readonly<Record<Language, readonly string[]>> = {
  en: ["that", "which", "with", "and", "it", "the", "a", "an", "of", "in", "on", "at", "for", "to", "as", "across", "is", "where", "has", "have", "having", "featuring", "showing", "its", "below", "above", "then", "also", "plus", "out", "over", "under", "along", "by"],
  es: ["que", "con", "y", "e", "el", "la", "los", "las", "un", "una", "de", "del", "en", "a", "al", "para", "donde", "se", "por", "como"],
  fr: ["qui", "que", "avec", "et", "le", "la", "les", "l", "un", "une", "de", "du", "des", "d", "en", "à", "au", "aux", "pour", "où", "est", "sur", "on", "comme", "dans"],
  de: ["der", "die", "das", "dem", "den", "mit", "und", "ein", "eine", "einer", "einem", "einen", "von", "vom", "in", "im", "am", "auf", "an", "für", "zum", "zur", "als", "wo", "worauf", "darauf", "drauf", "es"],
  pt: ["que", "com", "e", "o", "a", "os", "as", "um", "uma", "de", "do", "da", "em", "no", "na", "para", "onde", "se", "por", "como"],
  ru: ["с", "со", "и", "в", "во", "на", "под", "о", "об", "где", "котор*", "как", "из", "для", "по", "з", "із", "зі", "та", "й", "і", "у", "який", "яка", "що", "де", "під", "до"],
  ar: ["مع", "و", "في", "على", "عليه", "عليها", "فيه", "فيها", "من", "إلى", "عن", "التي", "الذي", "ب", "ل"],
  zh: ["上面", "的", "和", "与", "與", "在", "上", "着", "有", "带", "帶", "带有", "帶有", "并", "用", "以", "为", "為", "是", "，"],
  hi: ["जिस", "जिसमें", "जिसपर", "पर", "में", "और", "के", "का", "की", "को", "से", "साथ", "एक", "हो", "है", "हैं", "यह", "ऊपर"],
};
