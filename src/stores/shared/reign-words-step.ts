/** Two words more of `ports/wake.ts`: whoever leads has given it back, and a document waits to be made. */
export const REIGN_WORDS = {
  sqlite: "",
  postgres: `
    CREATE TRIGGER reign_given_back AFTER UPDATE OF until_ms ON leader FOR EACH ROW
      WHEN (NEW.until_ms < OLD.until_ms) EXECUTE FUNCTION placard_tell('leader');
    CREATE TRIGGER document_waits AFTER INSERT OR UPDATE OF state ON document FOR EACH ROW
      WHEN (NEW.state = 'queued') EXECUTE FUNCTION placard_tell('documents');
  `,
};
