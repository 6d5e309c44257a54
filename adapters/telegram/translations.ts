/** Two-letter codes, as Telegram takes them. */
export const LANGUAGES = ["de", "es", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Descriptions of the main commands; what is missing is shown in English. The answers themselves are English. */
const DESCRIPTIONS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  imagine: {
    de: "Ein Bild in jedem Stil; ohne Angabe im üblichen Stil dieser Gruppe",
    es: "Una imagen en cualquier estilo; sin indicarlo, en el habitual de este grupo",
    fr: "Une image dans n’importe quel style ; sinon dans le style habituel du groupe",
  },
  edit: {
    de: "Worte oder Einstellungen eines Bildes ändern: als Antwort auf das Bild",
    es: "Cambiar las palabras o los ajustes de una imagen: responde a ella",
    fr: "Changer les mots ou les réglages d’une image : en réponse à celle-ci",
  },
  reroll: {
    de: "Das Bild noch einmal, mit neuem Zufall: als Antwort auf das Bild",
    es: "La imagen otra vez, con una nueva semilla: responde a ella",
    fr: "L’image encore une fois, avec une nouvelle graine : en réponse à celle-ci",
  },
  vary: {
    de: "Dieselbe Komposition, etwas anders: als Antwort auf das Bild",
    es: "La misma composición, algo distinta: responde a la imagen",
    fr: "La même composition, un peu différente : en réponse à l’image",
  },
  styles: {
    de: "Die Galerie der Stile, mit Bildern",
    es: "La galería de estilos, con imágenes",
    fr: "La galerie des styles, avec des images",
  },
  examples: {
    de: "Beispiele zum Anfangen: eins wählen und ändern",
    es: "Ejemplos para empezar: elige uno y cámbialo",
    fr: "Des exemples pour commencer : en choisir un et le changer",
  },
  history: {
    de: "Die Bilder dieser Gruppe, die neuesten zuerst",
    es: "Las imágenes de este grupo, las más nuevas primero",
    fr: "Les images de ce groupe, les plus récentes d’abord",
  },
  show: {
    de: "Ein früheres Bild noch einmal zeigen, mit seinen Knöpfen",
    es: "Mostrar de nuevo una imagen anterior, con sus botones",
    fr: "Montrer à nouveau une image, avec ses boutons",
  },
  info: {
    de: "Wie ein Bild gemacht wurde",
    es: "Cómo se hizo una imagen",
    fr: "Comment une image a été faite",
  },
  queue: {
    de: "Was gerade gezeichnet wird, wer wartet und wie lange",
    es: "Qué se está dibujando, quién espera y cuánto",
    fr: "Ce qui est en cours, qui attend et combien de temps",
  },
  quota: {
    de: "Was von deinem Anteil übrig ist und wann mehr kommt",
    es: "Cuánto te queda y cuándo llega más",
    fr: "Ce qu’il te reste et quand il y en aura plus",
  },
  cancel: {
    de: "Ein wartendes Bild zurücknehmen; sein Anteil kommt zurück",
    es: "Retirar una imagen en espera; recuperas lo que costaba",
    fr: "Retirer une image en attente ; son coût est rendu",
  },
  unlock: {
    de: "Den Seed freigeben: jedes Bild zieht wieder einen neuen",
    es: "Liberar la semilla: cada imagen vuelve a usar una nueva",
    fr: "Libérer la graine : chaque image en tire une nouvelle",
  },
  guide: {
    de: "Kurze Antworten: Prompts, Seeds, Größen, Anteil und mehr",
    es: "Respuestas cortas: prompts, semillas, tamaños y más",
    fr: "Réponses courtes : prompts, graines, tailles et plus",
  },
  settings: {
    de: "Was die Admins dieser Gruppe entscheiden",
    es: "Lo que deciden los administradores de este grupo",
    fr: "Ce que décident les administrateurs de ce groupe",
  },
  help: {
    de: "Was du hier tun kannst, oder ein Befehl im Einzelnen",
    es: "Lo que puedes pedir aquí, o un comando en detalle",
    fr: "Ce que tu peux demander ici, ou une commande en détail",
  },
};

export const translated = (commandName: string, language: Language): string | undefined =>
  DESCRIPTIONS[commandName]?.[language];
