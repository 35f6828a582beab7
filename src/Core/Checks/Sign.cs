namespace Relo.Core.Checks;

/// <summary>How a kernel's BTF shows that the kernel has something.</summary>
internal abstract record Sign
{
    private Sign()
    {
    }

    /// <summary>The names of the functions or variables that show it; none if something else does.</summary>
    public IEnumerable<string> Symbols => this switch
    {
        Kfunc sign => [sign.Name],
        Variable sign => [sign.Name],
        Symbol sign => [sign.Name],
        Function sign => [sign.Name],
        Probed sign => sign.Names,
        Built sign => sign.Functions,
        _ => [],
    };

    /// <summary>An enumerator: <c>BPF_MAP_TYPE_RINGBUF</c> in <c>enum bpf_map_type</c>. Backported ones are in it too.</summary>
    public sealed record Enumerator(string Enum, string Name) : Sign;

    /// <summary>The number of a helper in <c>enum bpf_func_id</c>.</summary>
    public sealed record Helper(int Number) : Sign;

    /// <summary>A function that the object calls; its prototype must be compatible.</summary>
    public sealed record Kfunc(string Name, uint LocalType) : Sign;

    /// <summary>A variable with a type, which must be compatible.</summary>
    public sealed record Variable(string Name, uint LocalType) : Sign;

    /// <summary>Any symbol: in BTF if it is a function or a per-CPU variable, else only in /proc/kallsyms.</summary>
    public sealed record Symbol(string Name) : Sign;

    /// <summary>A function that a program attaches to by its BTF.</summary>
    public sealed record Function(string Name, string? Module, string What) : Sign;

    /// <summary>A function that a kprobe attaches to by its symbol, under any of these names.</summary>
    public sealed record Probed(IReadOnlyList<string> Names) : Sign;

    /// <summary>A tracepoint whose arguments a program reads: the typedef <c>btf_trace_&lt;name&gt;</c>.</summary>
    public sealed record Tracepoint(string Name) : Sign;

    /// <summary>A tracepoint whose record a program reads: the same typedef, and <c>struct trace_event_raw_&lt;class&gt;</c>.</summary>
    public sealed record Record(string Name) : Sign;

    /// <summary>A struct of functions: <c>struct bpf_struct_ops_&lt;name&gt;</c> or the struct itself.</summary>
    /// <param name="Struct">Its name.</param>
    /// <param name="Members">The members that the object sets to something else than a function or 0.</param>
    public sealed record Operations(string Struct, IReadOnlyList<string> Members) : Sign;

    /// <summary>A member of a struct that came with the feature.</summary>
    public sealed record Member(string Struct, string Name) : Sign;

    /// <summary>A function that only kernels with the feature have.</summary>
    public sealed record Built(IReadOnlyList<string> Functions, string Option) : Sign;

    /// <summary>BTF cannot show it.</summary>
    public sealed record Hidden(string Why) : Sign;
}
