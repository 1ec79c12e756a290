/** A DNS server on this machine, over UDP, that knows one zone: what a resolver asks leaves the machine nowhere. */
import { createSocket } from 'node:dgram';
import { decode, encode, RECURSION_AVAILABLE, type Answer, type Question } from 'dns-packet';
import type { ZoneRecord } from '@rekindle/core/testing';

export interface DnsServer {
  /** For DNS_SERVERS */
  readonly address: string;
  /** Changed by tests as they go */
  zone: ZoneRecord[];
  /** Hosts that are answered SERVFAIL */
  readonly broken: Set<string>;
  /** Hosts that are not answered at all */
  readonly deaf: Set<string>;
  /** Everything that was asked: `TXT shop.example` */
  readonly asked: string[];
  close(): Promise<void>;
}

/** RFC 1035, 4.1.1; the codec has no names for them. */
const SERVFAIL = 2;
const NXDOMAIN = 3;
const TTL = 60;
const LONGEST_STRING = 255;

export async function startDnsServer(zone: ZoneRecord[] = []): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const server: DnsServer = {
    address: '',
    zone,
    broken: new Set(),
    deaf: new Set(),
    asked: [],
    close: () => new Promise((resolve) => socket.close(resolve)),
  };
  socket.on('message', (bytes, from) => {
    const query = decode(bytes);
    const [question] = query.questions ?? [];
    if (!question) return;
    const host = question.name.toLowerCase();
    server.asked.push(`${question.type} ${host}`);
    if (server.deaf.has(host)) return;
    const { answers, code } = answerTo(server, question, host);
    const packet = { type: 'response' as const, id: query.id ?? 0, flags: RECURSION_AVAILABLE | code };
    socket.send(encode({ ...packet, questions: [question], answers }), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return Object.assign(server, { address: `127.0.0.1:${String(socket.address().port)}` });
}

/** As a resolver that walks the tree for whoever asks: with the names on the way. */
function answerTo({ zone, broken }: DnsServer, { type }: Question, host: string): { answers: Answer[]; code: number } {
  const answers: Answer[] = [];
  let name = host;
  for (let steps = 0; steps < 8; steps++) {
    if (broken.has(name)) return { answers: [], code: SERVFAIL };
    const here = zone.filter((record) => record.host === name);
    answers.push(...here.filter((record) => record.type === type).map(wire));
    const next = type === 'CNAME' ? undefined : here.find((record) => record.type === 'CNAME');
    if (!next) return { answers, code: here.length === 0 && answers.length === 0 ? NXDOMAIN : 0 };
    answers.push(wire(next));
    name = next.value;
  }
  return { answers: [], code: SERVFAIL };
}

function wire({ type, host: name, value }: ZoneRecord): Answer {
  if (type === 'CNAME') return { type, name, ttl: TTL, data: value };
  if (type === 'MX') return { type, name, ttl: TTL, data: { preference: 10, exchange: value } };
  // A string has 255 bytes at most: a long key stands in several.
  const data = value.match(new RegExp(`[^]{1,${String(LONGEST_STRING)}}`, 'g')) ?? [''];
  return { type, name, ttl: TTL, data };
}
