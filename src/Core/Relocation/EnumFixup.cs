using Relo.Core.Access;
using Relo.Core.BtfExt;

namespace Relo.Core.Relocation;

/// <summary>The values of the kinds about an enumerator (bpf_core_calc_enumval_relo of libbpf).</summary>
internal static class EnumFixup
{
    public static FixupValue Calculate(AccessEnd? access, CoreReloKind kind)
    {
        if (kind == CoreReloKind.EnumValueExists) return FixupValue.Plain(access is null ? 0u : 1u);
        if (access is not { } spec) return FixupValue.Failed(FixupValue.PoisonRequest);
        var type = spec.Types[spec.Last.TypeId];
        return FixupValue.Plain(spec.Types.Enumerator(type, spec.Last.Index).Value);
    }
}
