namespace Relo.Api.Http.Limits;

/// <summary>The uses of memory.</summary>
internal enum MemoryUse
{
    /// <summary>An upload, as sent and unpacked.</summary>
    Upload,

    /// <summary>Reading an object, relocating it, packing.</summary>
    Work,

    /// <summary>A response that a client is reading.</summary>
    Answer,
}
