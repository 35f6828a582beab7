namespace Relo.Core.Relocation;

/// <summary>A resolution, or libbpf's reason to give the whole object up.</summary>
internal readonly record struct ResolveResult(Resolution? Resolution, int Error, string? Message)
{
    public static implicit operator ResolveResult(Resolution resolution) => new(resolution, 0, null);

    public static ResolveResult Failed(int error, string? message) => new(null, error, message);
}
