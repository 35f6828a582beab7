using Relo.Core.Btf;
using Relo.Core.BtfExt;

namespace Relo.Core.Relocation;

/// <summary>The values of the kinds about an enumerator (bpf_core_calc_enumval_relo of libbpf).</summary>
internal static class EnumFixup
{
    public static FixupValue Calculate(AccessSpec? spec, CoreReloKind kind)
    {
        if (kind == CoreReloKind.EnumValueExists) return FixupValue.Plain(spec is null ? 0u : 1u);
        if (spec is null) return FixupValue.Failed(FixupValue.PoisonRequest);
        var type = spec.Types[spec.Accessors[0].TypeId];
        return FixupValue.Plain(spec.Types.Enumerator(type, spec.Accessors[0].Index).Value);
    }
}
