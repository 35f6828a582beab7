using System.Text;
using Relo.Core.Btf;
using Relo.Core.Relocation;

namespace Relo.Core.Reachability;

/// <summary>The functions and variables that the BTF of a kernel and its modules lists.</summary>
/// <param name="kernel">The kernel's types; modules are enumerated when the kernel itself lacks a symbol.</param>
internal sealed class KernelSymbols(KernelTypes kernel)
{
    /// <summary>If one of these exists, system calls have wrappers (arch_specific_syscall_pfx of libbpf).</summary>
    public static string[] SyscallWrappers { get; } = ["__x64_sys_bpf", "__arm64_sys_bpf", "__s390x_sys_bpf", "__riscv_sys_bpf"];

    /// <summary>Whether the BTF lists functions; BTF made from debug information may not.</summary>
    public bool ListsFunctions => kernel.Own.Symbols.HasFunctions;

    /// <summary>Whether the BTF lists variables.</summary>
    public bool ListsVariables => kernel.Own.Symbols.HasVariables;

    /// <summary>Whether system calls have wrappers; false if unknown.</summary>
    public bool HasSyscallWrapper => SyscallWrappers.Any(name => kernel.Own.Symbols.Find(Encoding.UTF8.GetBytes(name)) is not null);

    /// <summary>Whether a symbol of this name is listed.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>The symbol of this name, and its module; null if none is listed.</summary>
    public (BtfTypes Types, BtfType Type, string? Module)? Find(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (kernel.Own.Symbols.Find(bytes) is { } own) return (kernel.Own, own, null);
        if (!ListsFunctions) return null;
        foreach (var module in kernel.Modules)
            if (module.MayHave(bytes) && module.Types.Symbols.Find(bytes) is { } symbol) return (module.Types, symbol, module.Name);
        return null;
    }
}
