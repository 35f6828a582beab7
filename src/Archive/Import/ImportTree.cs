using System.Text.RegularExpressions;
using Relo.Archive.KernelFiles;
using Relo.Archive.KernelFiles.Images;

namespace Relo.Archive.Import;

/// <summary>The contents of a folder to import: each file is a kernel, a module, or skipped with a reason.</summary>
internal sealed partial class ImportTree
{
    // Enough to recognise every kind of boot image.
    private const int HeadBytes = 4096;
    private const string NoKernel = "not a kernel by its name or its first bytes";

    private readonly List<string> _kernels = [], _modules = [];
    private readonly List<SkippedFile> _skipped = [];
    private readonly string _root;

    private ImportTree(string root) => _root = Path.TrimEndingDirectorySeparator(root);

    /// <summary>Files that may contain a kernel, in order.</summary>
    public IReadOnlyList<string> Kernels => _kernels;

    /// <summary>Modules, in order.</summary>
    public IReadOnlyList<string> Modules => _modules;

    /// <summary>Everything else.</summary>
    public IReadOnlyList<SkippedFile> Skipped => _skipped;

    /// <exception cref="FileNotFoundException">There is nothing at <paramref name="path"/>.</exception>
    public static ImportTree At(string path)
    {
        var tree = new ImportTree(path);
        if (File.Exists(path))
        {
            // The caller named this file, so its name does not matter.
            (IsModule(path) ? tree._modules : tree._kernels).Add(path);
            return tree;
        }

        if (!Directory.Exists(path)) throw new FileNotFoundException($"there is no file or folder {path}", path);
        tree.Walk();
        tree._kernels.Sort(StringComparer.Ordinal);
        tree._modules.Sort(StringComparer.Ordinal);
        tree._skipped.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return tree;
    }

    private void Walk()
    {
        var folders = new Stack<string>([_root]);
        while (folders.TryPop(out var folder))
        {
            try
            {
                foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
                {
                    if (entry.LinkTarget is not null) AddLink(entry);
                    else if (entry is FileInfo file) Add(file.FullName, file.Length);
                    else if (entry.Name == ".git") Skip(entry.FullName, "a Git folder");
                    else folders.Push(entry.FullName);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Skip(folder, $"cannot be read: {e.Message}");
            }
        }
    }

    // Follows links to files, which trees use for duplicates. Links to folders could form cycles, and links out of the tree could lead
    // anywhere.
    private void AddLink(FileSystemInfo link)
    {
        FileSystemInfo? target;
        try
        {
            target = link.ResolveLinkTarget(returnFinalTarget: true);
        }
        catch (IOException e)
        {
            Skip(link.FullName, $"a dangling link: {e.Message}");
            return;
        }

        if (target is not { Exists: true }) Skip(link.FullName, "a dangling link");
        else if (target is DirectoryInfo) Skip(link.FullName, "a link to a folder; import that folder by its own name");
        else if (!target.FullName.StartsWith(_root is "/" ? _root : _root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            Skip(link.FullName, "a link to a file outside of the imported folder; import that file by its own name");
        else Add(link.FullName, ((FileInfo)target).Length);
    }

    private void Add(string path, long sizeBytes)
    {
        // Pipes and devices have size 0, and reading one could block forever.
        if (sizeBytes == 0 && !BtfHubPath.IsCandidate(path)) Skip(path, "empty");
        else if (IsModule(path)) _modules.Add(path);
        else if (BtfHubPath.IsCandidate(path) || KernelName().IsMatch(Path.GetFileName(path)) || BeginsLikeKernel(path)) _kernels.Add(path);
        else Skip(path, PackedImporter.Recognises(path) ? "a packed archive; import it by its own name" : NoKernel);
    }

    private void Skip(string path, string reason) => _skipped.Add(new(path, reason));

    private static bool BeginsLikeKernel(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var head = new byte[HeadBytes];
            return BeginsLikeKernel(head.AsSpan(0, RandomAccess.Read(file, head, 0)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true; // the importer reports the error
        }
    }

    private static bool BeginsLikeKernel(ReadOnlySpan<byte> head) =>
        RawBtf.Recognises(head) || BzImage.Recognises(head) || EfiZboot.Recognises(head) || AndroidBoot.Recognises(head)
        || head.StartsWith("MZ"u8);

    private static bool IsModule(string path) => ModuleName().IsMatch(path);

    // Usual names of packages, boot images and vmlinux. Their content decides what they are.
    [GeneratedRegex(
        @"^((vmlinu[xz]|bzImage|zImage|uImage|Image|image-\d|boot.*\.img)|.*\.(deb|rpm|apk|efi|itb)$"
        + @"|linux.*\.(tar(\.\w+)?|txz|tgz)$|.*\.pkg\.tar(\.\w+)?$|vmlinux.*)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex KernelName();

    [GeneratedRegex(@"\.ko(\.(gz|xz|zst|bz2|lz4))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex ModuleName();
}
