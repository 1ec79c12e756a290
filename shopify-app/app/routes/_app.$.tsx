/** Every address that nobody has: the frame stays, and the page says so. */
export const loader = () => {
  throw new Response('', { status: 404 });
};

export default function Nothing() {
  return null;
}
