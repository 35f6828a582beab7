using System.Text;
using Relo.Core.Btf;
using Relo.Core.Relocation;

namespace Relo.Core.Reachability;

/// <summary>
/// Which functions and variables that an object needs exist in a kernel's BTF: one pass over its types, or none if the object needs no
/// symbols.
/// </summary>
internal sealed class KernelSymbols
{
    // arch_specific_syscall_pfx of libbpf: if one of these exists, system calls have wrappers.
    private static readonly string[] SyscallWrappers = ["__x64_sys_bpf", "__arm64_sys_bpf", "__s390x_sys_bpf", "__riscv_sys_bpf"];

    private readonly HashSet<string> _found = new(StringComparer.Ordinal);

    private KernelSymbols()
    {
    }

    /// <summary>Whether its BTF lists functions; BTF made from debug information may not.</summary>
    public bool ListsFunctions { get; private set; }

    /// <summary>Whether its BTF lists variables.</summary>
    public bool ListsVariables { get; private set; }

    /// <summary>Whether system calls have wrappers; false if unknown.</summary>
    public bool HasSyscallWrapper => SyscallWrappers.Any(_found.Contains);

    public bool Has(string name) => _found.Contains(name);

    /// <param name="inputs">The externs and helpers of the object.</param>
    /// <param name="kernel">The kernel's types; modules are enumerated when the kernel itself lacks a symbol.</param>
    public static KernelSymbols Find(LoaderInputs inputs, KernelTypes kernel)
    {
        var symbols = new KernelSymbols();
        var wanted = inputs.Externs.Where(e => e.Kind != ExternKind.Config).Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
        if (inputs.Externs.Any(e => e.Name == "LINUX_HAS_SYSCALL_WRAPPER")) symbols.Search(kernel.Own, SyscallWrappers);
        if (wanted.Count == 0) return symbols;
        symbols.Search(kernel.Own, wanted);
        if (symbols.ListsFunctions && !wanted.IsSubsetOf(symbols._found))
        {
            var names = wanted.Select(System.Text.Encoding.UTF8.GetBytes).ToList();
            foreach (var module in kernel.Modules)
                if (names.Exists(name => module.MayHave(name))) symbols.Search(module.Types, wanted);
        }

        return symbols;
    }

    private void Search(BtfTypes types, IEnumerable<string> names)
    {
        var wanted = names.Select(Encoding.UTF8.GetBytes).ToHashSet(NameComparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();
        for (var id = types.FirstId; id < (uint)types.Count; id++)
        {
            var type = types[id];
            if (type.Kind is not (BtfKind.Func or BtfKind.Var)) continue;
            if (type.Kind == BtfKind.Func) ListsFunctions = true;
            else ListsVariables = true;
            if (wanted.TryGetValue(types.Name(type.NameOffset), out var name)) _found.Add(Encoding.UTF8.GetString(name));
        }
    }
}
