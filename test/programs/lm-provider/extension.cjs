// An extension that brings language models to VS Code, as GitHub Copilot does.
const { setTimeout: delay } = require('node:timers/promises');
const vscode = require('vscode');

/** `shy` is used after the person has allowed it; `full` has no quota left. */
const MODELS = ['parrot', 'shy', 'full'];

const provider = {
  provideLanguageModelChatInformation: () =>
    MODELS.map((id) => ({
      id,
      name: `Test ${id}`,
      family: id,
      version: '1',
      maxInputTokens: 4000,
      maxOutputTokens: 4000,
      capabilities: {},
      requiresAuthorization: id === 'shy',
    })),

  /** Says a few sentences about the last message, word by word. */
  async provideLanguageModelChatResponse(model, messages, _options, progress, token) {
    if (model.id === 'full') {
      throw vscode.LanguageModelError.Blocked('The quota of this month is used up.');
    }
    const prompt = messages
      .at(-1)
      .content.map(({ value }) => value)
      .join('');
    const text = `You asked about ${prompt}. I say it as slowly as I can. That is all about ${prompt}.`;
    for (const word of text.split(/(?<= )/)) {
      if (token.isCancellationRequested) return;
      progress.report(new vscode.LanguageModelTextPart(word));
      await delay(80);
    }
  },

  provideTokenCount: async (_model, text) => Math.ceil(String(text).length / 4),
};

exports.activate = (context) => {
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider('sluice-tests', provider));
};
