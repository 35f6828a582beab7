namespace Relo.Archive.Objects;

/// <summary>Section <c>Objects</c> of the configuration: stored objects.</summary>
public sealed class ObjectOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Objects";

    /// <summary>Maximum total bytes of stored objects. Objects with a tag are kept even beyond it.</summary>
    public long Bytes { get; set; } = 1L << 30;

    /// <summary>Maximum number of stored objects, and of tags. New objects are refused if all stored objects have a tag.</summary>
    public int Count { get; set; } = 1_000_000;

    /// <summary>How long an unused object without a tag is kept.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);
}
