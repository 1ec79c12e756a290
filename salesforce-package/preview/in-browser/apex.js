/**
 * Apex methods as a component calls them; the server of the preview plays Salesforce. A failure has the shape that Salesforce
 * gives an AuraHandledException: the method's words in body.message.
 */
export function apexMethod(name) {
  return async (parameters) => {
    const response = await fetch(`apex/${name}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(parameters),
    });
    if (response.ok) return response.text();
    throw Object.assign(new Error('Apex'), { body: { message: await response.text() } });
  };
}
