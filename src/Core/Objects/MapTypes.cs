namespace Relo.Core.Objects;

/// <summary>Names of map types (enum bpf_map_type, uapi linux/bpf.h), in kebab-case.</summary>
internal static class MapTypes
{
    // The index is the number; the kernel appends new types.
    private static readonly string[] Names =
    [
        "unspecified", "hash", "array", "prog-array", "perf-event-array", "percpu-hash", "percpu-array", "stack-trace", "cgroup-array",
        "lru-hash", "lru-percpu-hash", "lpm-trie", "array-of-maps", "hash-of-maps", "devmap", "sockmap", "cpumap", "xskmap", "sockhash",
        "cgroup-storage", "reuseport-sockarray", "percpu-cgroup-storage", "queue", "stack", "sk-storage", "devmap-hash", "struct-ops",
        "ringbuf",
        "inode-storage", "task-storage", "bloom-filter", "user-ringbuf", "cgrp-storage", "arena", "insn-array",
        "rhash",
    ];

    /// <summary>The name, or <c>unknown-&lt;number&gt;</c>.</summary>
    public static string Name(uint type) => type < (uint)Names.Length ? Names[type] : $"unknown-{type}";
}
