export interface GuideTopic {
  readonly topic: string;
  readonly title: string;
  /** 60 to 150 words, for members who are not engineers. */
  readonly text: string;
}

/** In the order a newcomer needs them. Numbers here are checked against the schemas by a test. */
export const topics: readonly GuideTopic[] = [
  {
    topic: "prompting",
    title: "Writing a prompt",
    text: `Write what you would tell a painter, in whole sentences: who or what, doing what, where, in which light and in which manner. The first words weigh most, so begin with the main subject. "A crowd with paper lanterns crosses a bridge at night, seen from below, two colours" works better than a pile of keywords. Put words that should appear in the picture into double quotes and say where they stand: "Bread and roses" in large letters at the top. Few words letter best. Say what you want to see rather than what you do not: the model reads "no cars" as cars. Change one thing at a time, and lock the seed while you do, so you can see what each change did.`,
  },
  {
    topic: "trigger",
    title: "Trigger words",
    text: `A style is learned from example pictures that were all described with one special phrase. That phrase is the trigger word: it wakes the style up. You need not remember it. The command of a style puts its trigger into your prompt, at the place the style expects, exactly once, also on every reroll, variation and edit. If you type it yourself, it stays where you typed it and is not added again. With scale:0 the style is switched off, so the trigger is left out unless you typed it. A style without a trigger works by its scale alone. Press Info under a picture to read the prompt that was really sent, and see /styles for the trigger of each style.`,
  },
  {
    topic: "tokens",
    title: "How long a prompt can be",
    text: `Models read tokens, not letters: a short word is one token, a long or rare one several. FLUX-type models have two readers. The first, called CLIP, reads 77 tokens, of which two mark start and end, and sets the overall mood. The second, called T5, reads several hundred and understands whole sentences. So a long prompt is not lost: words past the limit still count, they only miss the first reader. Placard counts for you and tells you which words those are. Put the subject and the manner first, details after. Around 30 to 60 words is a good length; a wall of text makes the parts compete. The count is an estimate unless the operator has installed the tokenizer files.`,
  },
  {
    topic: "cfg",
    title: "cfg: how strictly the prompt is followed",
    text: `cfg goes from 1 to 10 and says how hard the picture is pulled towards your words. For FLUX-type models 2 to 4 is the good zone: around 2 looks natural and loose, 3 to 4 follows details and lettering more closely. Above 5 colours burn and surfaces turn to plastic. If the picture ignores you, first rewrite the prompt, then raise cfg by half a step. This number is FLUX's own guidance, learned into the model; it costs no extra time. It is not the cfg of older models, where 7 was normal. That kind is called truecfg here: 1 is off, more needs a second pass, takes about twice as long, and is what makes a negative text work on these models.`,
  },
  {
    topic: "steps",
    title: "steps: how long the picture is worked on",
    text: `A picture begins as noise and is cleaned up step by step. More steps mean more finish, up to a point, and cost grows in proportion: twice the steps is about twice the time from your allowance. For FLUX-type models 20 to 30 is plenty, and each style brings its own number. Distilled fast models, such as schnell, need only about 4. Past 35 you will seldom see a difference. A good habit is to search with few steps, perhaps 12, until the composition is right, then lock the seed and make the final with the style's full number. Details will shift a little, because the number of steps is part of the recipe, but the composition mostly stays.`,
  },
  {
    topic: "seed",
    title: "seed: the same picture again",
    text: `The seed is the number of the noise a picture starts from, 0 to 4294967295. Same seed, same prompt and same settings on the same backend give the same picture, where that backend can promise it; Info tells. When you give none, a new one is drawn and shown under the picture. Lock seed keeps it for your next pictures in this chat, so that you can change words while the composition stays close. /unlock sets it free, and an admin can lock one for everyone. A seed you type goes before a locked one, and seed:random draws a new one in spite of a lock. Changing size or steps changes the picture even when the seed stays. In a batch the seeds count up: s, s+1 and so on.`,
  },
  {
    topic: "size",
    title: "size: the shape of the picture",
    text: `Choose a shape by name: square, poster, flyer, banner, slide or story. Each is about one megapixel, which is what these models were trained on. You can also give width and height, 256 to 1536 in steps of 64. Smaller is faster and cheaper, good for trying ideas. Much larger costs more, and things may repeat: two suns, three arms. For print, make the picture at its normal size and enlarge it afterwards with a program made for that. Choose the shape early, because another size gives another composition, even with the same seed. A poster for the wall wants poster or flyer, a projector wants slide, a phone wants story. Admins can set the usual size of a chat in /settings.`,
  },
  {
    topic: "scale",
    title: "scale: how strong the style is",
    text: `scale says how much the style changes the base model, from 0 to 1.5. At 1 the style is as strong as it was trained. At 0 it is off and you see what the base model does alone, which is a useful comparison. Between 0.6 and 0.9 the style gives way to your prompt: try this when every picture looks like the training pictures, or when lettering or faces suffer. Above 1.2 shapes tend to break. Keep the seed locked while you try, for example scale:0.6, scale:0.8 and scale:1, and compare. Each style brings a good value of its own; leave scale out to use it. If a style seems weak at 1, look at your prompt before you raise scale.`,
  },
  {
    topic: "quotas",
    title: "Your allowance",
    text: `Pictures cost drawing time, counted in seconds of the machine that makes them. Everybody has an allowance, so that nobody can use it all. Before a picture starts, its expected cost is held; when it is ready, you pay what it really took, and the rest comes back. Pictures that fail or are cancelled cost nothing. Your allowance refills little by little, and after a while everything is back: /quota shows when. Fewer steps, smaller sizes and fewer pictures in a batch cost less. Rerolling your own picture costs you; when a group votes for a reroll, the voters share its cost equally. Waiting is fair too: one member's long list does not keep others from their turn.`,
  },
  {
    topic: "local-gpu",
    title: "Using your own graphics card",
    text: `If somebody in the group has a computer with a good graphics card, pictures can be made there and prompts never leave the house. Install an image program with a server, such as ComfyUI, and start it on that computer. The person who runs Placard then sets its address, for example COMFYUI_URL, and the group's pictures go there first. Full FLUX models want about 24 GB of graphics memory; reduced ones (8 bit, or GGUF with about 4 bit) run in 8 to 16 GB, more slowly. Put the style's LoRA file into the folder the program reads. Keep the address inside your own network: these programs have no password. When the computer is off, the next backend takes over and the picture says so.`,
  },
  {
    topic: "lora",
    title: "LoRA: where styles come from",
    text: `A LoRA is a small file that teaches a big model one new thing, such as a poster style, without changing the model itself. It usually needs 15 to 50 good pictures with honest descriptions and an hour or so on a rented graphics card. Choose pictures you have the right to use, varied in subject and alike in manner, and describe in words everything that should not become part of the style. Pick a trigger phrase nobody says by accident. A LoRA fits only the model family it was trained for: one for SDXL does nothing useful on FLUX. To add one here, the operator adds an entry to styles.json with the file, its trigger and its licence. Ask its author before you publish.`,
  },
  {
    topic: "token",
    title: "Access tokens for Hugging Face",
    text: `An access token is a password that lets Placard use a Hugging Face account: its endpoints, its Spaces and the paid providers behind it. Only the person who runs Placard needs one. Sign in at huggingface.co, open Settings, then Access Tokens, and make a new one of the fine-grained kind with nothing but permission to make calls to inference providers and, if you have one, to your endpoint. Put it into the setting HF_TOKEN and nowhere else. Never paste a token into a chat, not even in private: whoever reads it can spend your money. If that happened, delete it on the same page at once and make another. Use one token for each program, so one can be withdrawn without the others.`,
  },
];
