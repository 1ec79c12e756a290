/** A page's name where the frame shows one of its own: in the admin's title bar. */
import { TitleBar } from '@shopify/app-bridge-react';
import { useInAdmin } from './in-admin.ts';

export function FrameTitle({ title }: { title: string }) {
  return useInAdmin() ? <TitleBar title={title} /> : null;
}
