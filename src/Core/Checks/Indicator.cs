namespace Relo.Core.Checks;

/// <summary>How a kernel's BTF shows that the kernel has something.</summary>
internal abstract record Indicator
{
    private Indicator()
    {
    }

    /// <summary>The names of the functions or variables that show it; none if something else does.</summary>
    public IEnumerable<string> Symbols => this switch
    {
        Kfunc indicator => [indicator.Name],
        Variable indicator => [indicator.Name],
        Symbol indicator => [indicator.Name],
        Function indicator => [indicator.Name],
        Probed indicator => [indicator.Name],
        Syscall indicator => indicator.Functions,
        Built indicator => indicator.Functions,
        _ => [],
    };

    /// <summary>An enumerator: <c>BPF_MAP_TYPE_RINGBUF</c> in <c>enum bpf_map_type</c>. Backported ones are in it too.</summary>
    public sealed record Enumerator(string Enum, string Name) : Indicator;

    /// <summary>The number of a helper in <c>enum bpf_func_id</c>.</summary>
    public sealed record Helper(int Number) : Indicator;

    /// <summary>A function that the object calls; its prototype must be compatible.</summary>
    public sealed record Kfunc(string Name, uint LocalType) : Indicator;

    /// <summary>A variable with a type, which must be compatible.</summary>
    public sealed record Variable(string Name, uint LocalType) : Indicator;

    /// <summary>Any symbol: in BTF if it is a function or a per-CPU variable, else only in /proc/kallsyms.</summary>
    public sealed record Symbol(string Name) : Indicator;

    /// <summary>A function that a program attaches to by its BTF.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Module">The module that must have it, or <c>vmlinux</c>; null if any may.</param>
    /// <param name="What">What it is, in words.</param>
    public sealed record Function(string Name, string? Module, string What) : Indicator;

    /// <summary>A function that a kprobe attaches to by its symbol.</summary>
    public sealed record Probed(string Name) : Indicator;

    /// <summary>A system call.</summary>
    /// <param name="Name">Its name: <c>openat</c>.</param>
    /// <param name="IsEvent">Whether the program attaches to its tracepoint; otherwise to the function, by its symbol.</param>
    public sealed record Syscall(string Name, bool IsEvent) : Indicator
    {
        // SYSCALL_WRAPPER of the kernel: the prefixes of architectures that wrap system calls, and the plain name of those that do not.
        private static readonly string[] Prefixes =
            ["__x64_sys_", "__arm64_sys_", "__s390x_sys_", "__riscv_sys_", "__se_sys_", "sys_", "__do_sys_"];

        /// <summary>The names that its function may have.</summary>
        public IReadOnlyList<string> Functions => [.. Prefixes.Select(prefix => prefix + Name)];
    }

    /// <summary>A tracepoint whose arguments a program reads: the typedef <c>btf_trace_&lt;name&gt;</c>.</summary>
    public sealed record Tracepoint(string Name) : Indicator;

    /// <summary>A tracepoint whose record a program reads: the same typedef, and <c>struct trace_event_raw_&lt;class&gt;</c>.</summary>
    public sealed record Record(string Name) : Indicator;

    /// <summary>A struct of functions: <c>struct bpf_struct_ops_&lt;name&gt;</c> or the struct itself.</summary>
    /// <param name="Struct">Its name.</param>
    /// <param name="Members">
    /// The members that the object sets to something other than a function or 0: the offsets of their names in its BTF.
    /// </param>
    public sealed record Operations(string Struct, IReadOnlyList<uint> Members) : Indicator;

    /// <summary>A member of a struct that came with the feature.</summary>
    public sealed record Member(string Struct, string Name) : Indicator;

    /// <summary>A function that only kernels with the feature have.</summary>
    public sealed record Built(IReadOnlyList<string> Functions, string Option) : Indicator;

    /// <summary>BTF cannot show it.</summary>
    public sealed record Hidden(string Why) : Indicator;
}
