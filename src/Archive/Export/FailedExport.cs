namespace Relo.Archive.Export;

/// <summary>A kernel that could not be written.</summary>
/// <param name="Kernel">Its id.</param>
/// <param name="Reason">The reason, for people.</param>
public sealed record FailedExport(string Kernel, string Reason);
