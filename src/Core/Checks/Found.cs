using Relo.Core.Btf;

namespace Relo.Core.Checks;

/// <summary>A type, function or variable that a kernel's BTF has.</summary>
/// <param name="Types">The BTF that has it.</param>
/// <param name="Type">Its type there.</param>
/// <param name="Module">The module; null for the kernel itself.</param>
internal sealed record Found(BtfTypes Types, BtfType Type, string? Module)
{
    public string Name => Types.NameText(Type.NameOffset);

    /// <summary>Where it is, for evidence.</summary>
    public string Place => Module is null ? "vmlinux" : $"module {Module}";
}
