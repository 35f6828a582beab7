namespace Relo.Archive.Objects;

/// <summary>Section <c>Objects</c> of the configuration: kept objects.</summary>
public sealed class ObjectOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Objects";

    /// <summary>How many bytes of objects are kept. Objects with a tag are kept beyond it.</summary>
    public long Bytes { get; set; } = 1L << 30;

    /// <summary>How many objects are kept, and how many tags. New ones are refused where all that are kept have a tag.</summary>
    public int Count { get; set; } = 1_000_000;

    /// <summary>How long an object without a tag is kept that nobody uses.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);
}
