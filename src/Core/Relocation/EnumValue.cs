using Relo.Core.Access;
using Relo.Core.BtfExt;

namespace Relo.Core.Relocation;

/// <summary>The values of the kinds about an enumerator (bpf_core_calc_enumval_relo of libbpf).</summary>
internal static class EnumValue
{
    public static AccessValue Calculate(AccessEnd? access, CoreReloKind kind)
    {
        if (kind == CoreReloKind.EnumValueExists) return AccessValue.Plain(access is null ? 0u : 1u);
        if (access is not { } spec) return AccessValue.Failed(AccessValue.PoisonRequest);
        var type = spec.Types[spec.Last.TypeId];
        return AccessValue.Plain(spec.Types.Enumerator(type, spec.Last.Index).Value);
    }
}
