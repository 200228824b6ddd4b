"""What the official Python client does, told in lines that do not depend on when or through what.

Usage: client.py KUBECONFIG NAMESPACE COMMAND
"""

import hashlib
import sys
import time

from kubernetes import client, config, watch
from kubernetes.client.rest import ApiException
from kubernetes.stream import stream

PATIENCE = 60
kubeconfig, namespace, command = sys.argv[1:]
config.load_kube_config(kubeconfig)
core = client.CoreV1Api()


def config_map(name, value):
    return client.V1ConfigMap(
        metadata=client.V1ObjectMeta(name=name, labels={"made-by": "python"}), data={"key": value}
    )


def status_of(call, *arguments):
    try:
        call(*arguments)
    except ApiException as e:
        return e.status
    return "ok"


def until(what, met):
    end = time.monotonic() + PATIENCE
    while not met():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {PATIENCE} s: {what}")
        time.sleep(0.02)


def pod():
    body = client.V1Pod(
        metadata=client.V1ObjectMeta(name="run"),
        spec=client.V1PodSpec(containers=[client.V1Container(name="main", image="example.com/run:1")]),
    )
    if status_of(core.create_namespaced_pod, namespace, body) not in ("ok", 409):
        raise RuntimeError("no pod")
    until("the pod runs", lambda: core.read_namespaced_pod("run", namespace).status.phase == "Running")


def list_():
    for i in range(25):
        core.create_namespaced_config_map(namespace, config_map(f"listed-{i:02}", "Grüße, 世界"))
    names, token = [], None
    while True:
        page = core.list_namespaced_config_map(
            namespace, label_selector="made-by=python", limit=10, _continue=token
        )
        names += [item.metadata.name for item in page.items]
        token = page.metadata._continue
        if not token:
            break
    print("pages of 10:", len(names), names[0], names[-1])
    print("value:", core.read_namespaced_config_map("listed-00", namespace).data["key"])
    print("created twice:", status_of(core.create_namespaced_config_map, namespace, config_map("listed-00", "")))
    print("missing:", status_of(core.read_namespaced_config_map, "nobody", namespace))
    print("not awaited:", core.list_namespaced_config_map(
        namespace, label_selector="made-by=python", async_req=True).get().kind)
    core.delete_collection_namespaced_config_map(namespace, label_selector="made-by=python")
    print("left:", len(core.list_namespaced_config_map(namespace, label_selector="made-by=python").items))


def watch_():
    version = core.list_namespaced_config_map(namespace).metadata.resource_version
    core.create_namespaced_config_map(namespace, config_map("watched", "a"))
    core.patch_namespaced_config_map("watched", namespace, {"data": {"key": "b"}})
    core.delete_namespaced_config_map("watched", namespace)
    seen = watch.Watch()
    for event in seen.stream(
        core.list_namespaced_config_map, namespace,
        label_selector="made-by=python", resource_version=version, timeout_seconds=PATIENCE,
    ):
        print(event["type"], event["object"].data["key"])
        if event["type"] == "DELETED":
            seen.stop()


def exec_():
    pod()

    def run(line, **more):
        return stream(
            core.connect_get_namespaced_pod_exec, "run", namespace, command=["sh", "-c", line],
            stdout=True, stderr=True, tty=False, **more,
        )

    # Which of the two streams comes first is nobody's promise.
    print(sorted(run("echo out; echo err >&2; seq 3").split()))
    channel = run("exit 7", stdin=False, _preload_content=False)
    channel.run_forever(timeout=PATIENCE)
    print("refused:", "exit status 7" in channel.read_channel(3))
    text = "fairlead " * 10_000
    channel = run(f"head -c {len(text)} | sha256sum", stdin=True, _preload_content=False)
    for start in range(0, len(text), 1_000):
        channel.write_stdin(text[start : start + 1_000])
    channel.run_forever(timeout=PATIENCE)
    print("took all of its input:", channel.read_stdout().startswith(hashlib.sha256(text.encode()).hexdigest()))


{"list": list_, "watch": watch_, "exec": exec_}[command]()
print(command, "done")
