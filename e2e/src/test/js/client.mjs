// What the official JavaScript client does, told in lines that do not depend on when or through what.
// Usage: client.mjs KUBECONFIG NAMESPACE COMMAND
import * as k8s from '@kubernetes/client-node';
import { createHash } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import { Readable, Writable } from 'node:stream';

const [kubeconfig, namespace, command] = process.argv.slice(2);
const config = new k8s.KubeConfig();
config.loadFromFile(kubeconfig);
const core = config.makeApiClient(k8s.CoreV1Api);
const PATIENCE = 60_000;

const map = (name, value) => ({ metadata: { name, labels: { 'made-by': 'js' } }, data: { key: value } });

async function until(what, met) {
  const end = Date.now() + PATIENCE;
  while (!(await met())) {
    if (Date.now() > end) throw new Error(`not within ${PATIENCE} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function pod() {
  await core.createNamespacedPod({
    namespace,
    body: { metadata: { name: 'run' }, spec: { containers: [{ name: 'main', image: 'example.com/run:1' }] } },
  }).catch((error) => { if (error.code !== 409) throw error; });
  await until('the pod runs', async () =>
    (await core.readNamespacedPod({ name: 'run', namespace })).status.phase === 'Running');
}

class Collected extends Writable {
  chunks = [];
  _write(chunk, _, done) { this.chunks.push(chunk); done(); }
  text() { return Buffer.concat(this.chunks).toString(); }
}

const commands = {
  async objects() {
    await core.createNamespacedConfigMap({ namespace, body: map('one', 'Grüße, 世界') });
    const found = await core.readNamespacedConfigMap({ name: 'one', namespace });
    console.log('got', found.data.key);
    const list = await core.listNamespacedConfigMap({ namespace, labelSelector: 'made-by=js' });
    console.log('listed', list.items.length);
    await core.createNamespacedConfigMap({ namespace, body: map('one', '') })
      .then(() => console.log('created twice'), (error) => console.log('twice:', error.code));
    await core.deleteNamespacedConfigMap({ name: 'one', namespace });
    await core.readNamespacedConfigMap({ name: 'one', namespace })
      .then(() => console.log('still there'), (error) => console.log('deleted:', error.code));
  },

  async watch() {
    const events = [];
    const watching = await new k8s.Watch(config).watch(
      `/api/v1/namespaces/${namespace}/configmaps`, { labelSelector: 'made-by=js' },
      (type, object) => events.push(`${type} ${object.metadata.name} ${object.data.key}`),
      () => {});
    await core.createNamespacedConfigMap({ namespace, body: map('watched', 'a') });
    await core.replaceNamespacedConfigMap({ name: 'watched', namespace, body: map('watched', 'b') });
    await core.deleteNamespacedConfigMap({ name: 'watched', namespace });
    await until('three events', () => events.length === 3);
    watching.abort();
    console.log(events.join('\n'));
  },

  async exec() {
    await pod();
    const run = async (line, input) => {
      const out = new Collected();
      const err = new Collected();
      let status;
      await new k8s.Exec(config).exec(namespace, 'run', 'main', ['sh', '-c', line], out, err, input, false,
        (found) => { status = found; });
      await until('the end of the command', () => status);
      return [out.text(), err.text(), status.status];
    };
    console.log(await run('echo out; echo err >&2'));
    console.log(await run('exit 7'));
    const input = Buffer.alloc(1 << 20, 'fairlead ');
    const [sum] = await run(`head -c ${input.length} | sha256sum`, Readable.from([input]));
    console.log('took all of its input:', sum.startsWith(createHash('sha256').update(input).digest('hex')));
  },

  async 'port-forward'() {
    await pod();
    const forward = new k8s.PortForward(config);
    const server = net.createServer((socket) => {
      forward.portForward(namespace, 'run', [8080], socket, null, socket).catch((error) => socket.destroy(error));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const body = Buffer.alloc(500_000, 'forwarded ');
    const echoed = await new Promise((resolve, reject) => {
      const request = http.request(
        { port: server.address().port, host: '127.0.0.1', path: '/echo', method: 'POST', agent: false,
          headers: { 'content-length': body.length } },
        (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('end', () => resolve(Buffer.concat(chunks)));
        });
      request.on('error', reject);
      request.end(body);
    });
    console.log('forwarded and back:', echoed.equals(body));
  },
};

if (!commands[command]) throw new Error(`${command}: unknown (expected: one of ${Object.keys(commands)})`);
await commands[command]();
console.log(command, 'done');
process.exit(0);
